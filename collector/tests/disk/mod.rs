//! A disk in memory that fails on purpose and forgets what was not synced.
//!
//! Invariant: what survives a power loss is what was synced, and those of the later writes that the test picks.
#![allow(dead_code)] // Each test uses its own part of it.

use std::io;
use std::sync::{Arc, Mutex};

use redb::StorageBackend;

/// What goes wrong at one operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// Not done, and reported so.
    Lost,
    /// Done, and reported as lost.
    DoneButReportedLost,
    /// Not done: no room.
    Full,
}

/// Which of the writes since the last sync reach the disk when the power goes.
#[derive(Debug, Clone, Copy)]
pub enum Survivors {
    None,
    All,
    Even,
    Odd,
}

impl Survivors {
    fn has(self, index: usize) -> bool {
        match self {
            Self::None => false,
            Self::All => true,
            Self::Even => index.is_multiple_of(2),
            Self::Odd => !index.is_multiple_of(2),
        }
    }
}

#[derive(Debug, Clone)]
pub enum Change {
    Length(usize),
    Bytes(usize, Vec<u8>),
}

fn change(bytes: &mut Vec<u8>, change: &Change) {
    match change {
        Change::Length(length) => bytes.resize(*length, 0),
        Change::Bytes(offset, data) => {
            // A write that survives the growth of the file before it grows the file itself.
            bytes.resize(bytes.len().max(offset + data.len()), 0);
            bytes[*offset..offset + data.len()].copy_from_slice(data);
        }
    }
}

#[derive(Debug, Default)]
pub struct State {
    synced: Vec<u8>,
    /// What it holds.
    pub seen: Vec<u8>,
    unsynced: Vec<Change>,
    /// Operations so far that changed something.
    pub operations: usize,
    /// What goes wrong, and at which operation.
    pub fault: Option<(usize, Fault)>,
    hit: bool,
    /// Whether syncs are reported and not done.
    pub lies_about_syncs: bool,
}

/// A disk that forgets what was not synced.
#[derive(Debug, Clone, Default)]
pub struct Disk(pub Arc<Mutex<State>>);

impl Disk {
    pub fn failing_at(operation: usize, fault: Fault) -> Self {
        let disk = Self::default();
        disk.0.lock().unwrap().fault = Some((operation, fault));
        disk
    }

    /// From now on works for so many operations more, and fails at the next.
    pub fn fail_after(&self, operations: usize, fault: Fault) {
        let mut state = self.0.lock().unwrap();
        state.fault = Some((state.operations + operations, fault));
    }

    pub fn was_hit(&self) -> bool {
        self.0.lock().unwrap().hit
    }

    /// The disk after the power went, in working order.
    pub fn after_power_loss(&self, survivors: Survivors) -> Self {
        let state = self.0.lock().unwrap();
        let mut bytes = state.synced.clone();
        for (index, unsynced) in state.unsynced.iter().enumerate() {
            if survivors.has(index) {
                change(&mut bytes, unsynced);
            }
        }
        Self(Arc::new(Mutex::new(State { synced: bytes.clone(), seen: bytes, ..State::default() })))
    }

    /// Does an operation that changes something, unless this is the one that fails.
    fn operate(&self, act: impl FnOnce(&mut State)) -> io::Result<()> {
        let mut state = self.0.lock().unwrap();
        let fault = state.fault.filter(|(at, _)| *at == state.operations).map(|(_, fault)| fault);
        state.operations += 1;
        state.hit |= fault.is_some();
        match fault {
            None => act(&mut state),
            Some(Fault::Lost) => return Err(io::Error::other("the wire was cut")),
            Some(Fault::Full) => return Err(io::ErrorKind::StorageFull.into()),
            Some(Fault::DoneButReportedLost) => {
                act(&mut state);
                return Err(io::Error::other("the wire was cut"));
            }
        }
        Ok(())
    }
}

impl StorageBackend for Disk {
    fn len(&self) -> io::Result<u64> {
        Ok(self.0.lock().unwrap().seen.len() as u64)
    }

    fn read(&self, offset: u64, out: &mut [u8]) -> io::Result<()> {
        let state = self.0.lock().unwrap();
        let offset = usize::try_from(offset).unwrap();
        let bytes = state.seen.get(offset..offset + out.len()).ok_or(io::ErrorKind::UnexpectedEof)?;
        out.copy_from_slice(bytes);
        Ok(())
    }

    fn set_len(&self, length: u64) -> io::Result<()> {
        self.operate(|state| state.take(Change::Length(usize::try_from(length).unwrap())))
    }

    fn sync_data(&self) -> io::Result<()> {
        self.operate(|state| {
            if !state.lies_about_syncs {
                state.synced.clone_from(&state.seen);
                state.unsynced.clear();
            }
        })
    }

    fn write(&self, offset: u64, data: &[u8]) -> io::Result<()> {
        self.operate(|state| state.take(Change::Bytes(usize::try_from(offset).unwrap(), data.to_vec())))
    }
}

impl State {
    fn take(&mut self, what: Change) {
        change(&mut self.seen, &what);
        self.unsynced.push(what);
    }
}
