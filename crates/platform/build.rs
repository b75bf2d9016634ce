//! A new migration alone changes no source file, and the program must contain it all the same.

fn main() {
    println!("cargo:rerun-if-changed=../../migrations");
}
