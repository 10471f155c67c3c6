//! The rules are part of the program: a rule file that is added or removed builds it anew.
#![allow(clippy::print_stdout)] // that is how Cargo is told

fn main() {
    println!("cargo:rerun-if-changed=rules");
}
