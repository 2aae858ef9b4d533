//! Compiles the binary anew when the page inside it was built anew.
fn main() {
    println!("cargo:rerun-if-changed=page/dist");
}
