//! The allocator of the WASM: small, for one thread.
//!
//! Invariant: this module is built without the `atomics` target feature, so there is one thread only.

use lol_alloc::{AssumeSingleThreaded, FreeListAllocator};

#[cfg(target_feature = "atomics")]
compile_error!("the widget's allocator is for one thread: build without atomics");

// SAFETY: `AssumeSingleThreaded::new` asks that the allocator is used by one thread only. Without `atomics` (held by
// the `compile_error` above) a WASM instance has its own memory and cannot be entered by a second thread, and each
// worker would instantiate its own module.
#[global_allocator]
static ALLOCATOR: AssumeSingleThreaded<FreeListAllocator> =
    unsafe { AssumeSingleThreaded::new(FreeListAllocator::new()) };
