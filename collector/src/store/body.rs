//! Receipts as they lie in the store.
