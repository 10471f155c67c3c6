//! The command `adfslint`.

fn main() {}
