//! The `vinkje` command. Everything it does is in the library's `cli`.

fn main() {}
