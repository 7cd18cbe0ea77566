//! Stored bodies: whatever lies on the disk, unpacking stays within its bound, and what it gives can be packed again.
#![no_main]

use collector::store::body::{CANONICAL_BYTES_MAX, pack, unpack};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: (&[u8], &[u8])| {
    let (dictionary, packed) = input;
    if let Ok((canonical, signature)) = unpack(dictionary, packed) {
        assert!(canonical.len() <= CANONICAL_BYTES_MAX);
        let again = pack(dictionary, &canonical, &signature).expect("within the bound");
        assert_eq!(unpack(dictionary, &again), Ok((canonical, signature)));
    }
});
