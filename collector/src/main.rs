//! The `vinkje` command. Everything it does is in the library's `cli`.

fn main() -> std::process::ExitCode {
    collector::cli::main()
}
