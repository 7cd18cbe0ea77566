//! The `vinkje` command. Everything it does is in the library's `cli`.

/// Receipts are made on one thread and freed on another, thousands a second; the system's allocator spends a fifth of the
/// processor on that (`docs/speed.md`).
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> std::process::ExitCode {
    collector::cli::main()
}
