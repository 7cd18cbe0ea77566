//! The keys of a collector: files of 32 bytes beside the database, never in it.
//!
//! In scope: making, reading and naming them. Out of scope: what each is used for (`seal`, `links`, `shared::offer`,
//! `shared::receipt`).
//!
//! Invariant: a key file is made once, readable by its owner only, and never overwritten. One key, one use:
//! receipts, offers, links, look-ups, sealing, logs and kiosks each have their own.

use std::fs;
use std::io::{ErrorKind, Write};
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use ed25519_dalek::SigningKey;
use shared::jwk::{KeySet, PublicKey};
use shared::kiosk::SealKey;
use shared::offer::OfferKey;
use zeroize::Zeroizing;

use crate::log::LogKey;

/// What went wrong with a key file. Names the file, never its content.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// There is no such file.
    #[error(
        "couldn't find the key {0}: put back the keys folder from your backup; without it nobody's data can be opened"
    )]
    Missing(PathBuf),
    /// A key of that name is there already.
    #[error("couldn't make the key {0}: it exists already, and keys are never overwritten")]
    Exists(PathBuf),
    /// Others may read it.
    #[error("couldn't use the key {0}: others can read it; run `chmod 600` on it")]
    Open(PathBuf),
    /// Others may put files into its folder.
    #[error("couldn't use the keys in {0}: others can change that folder; run `chmod 700` on it")]
    Folder(PathBuf),
    /// Not 32 bytes.
    #[error("couldn't use the key {0}: it is not 32 bytes long")]
    Length(PathBuf),
    /// The file system said no.
    #[error("couldn't reach the key {0}: {1}")]
    Io(PathBuf, std::io::Error),
    /// The operating system gave no randomness.
    #[error("couldn't make a key: the operating system gave no random bytes")]
    Random,
}

/// 32 secret bytes, wiped from memory when dropped.
pub type Secret = Zeroizing<[u8; 32]>;

/// One receipt key with the parts of a JWS that follow from it.
pub struct ReceiptKey {
    /// The private key.
    pub signing: SigningKey,
    /// The encoded JWS header that names it.
    pub header: String,
}

/// All keys of a collector.
pub struct Keys {
    /// Receipt keys by number, from 0; the last one signs, all of them verify.
    pub receipts: Vec<ReceiptKey>,
    /// Authenticates offers.
    pub offer: OfferKey,
    /// Authenticates receipt and manage links.
    pub link: Secret,
    /// Makes look-up digests of addresses.
    pub index: Secret,
    /// Wraps the data key of each person.
    pub master: Secret,
    /// Signs the checkpoints of the evidence logs.
    pub log: LogKey,
    /// Opens what kiosks seal.
    pub kiosk: SealKey,
}

const RECEIPT_KEYS_MAX: u8 = u8::MAX;
const SINGLE: [&str; 6] = ["offer.key", "link.key", "index.key", "master.key", "log.key", "kiosk.key"];

impl Keys {
    /// Makes a complete set of keys in a new directory.
    ///
    /// # Errors
    ///
    /// [`KeyError::Exists`] when any of them is there already; nothing is overwritten.
    pub fn create(directory: &Path) -> Result<(), KeyError> {
        create_folder(directory)?;
        create_file(&directory.join(receipt_file(0)))?;
        SINGLE.iter().try_for_each(|name| create_file(&directory.join(name)))
    }

    /// Reads a complete set of keys.
    ///
    /// # Errors
    ///
    /// The first file that is missing, open to others, or not a key.
    pub fn load(directory: &Path) -> Result<Self, KeyError> {
        let single = |name: &str| read_file(&directory.join(name));
        check_folder(directory)?;
        Ok(Self {
            receipts: load_receipt_keys(directory)?,
            offer: OfferKey::new(*single(SINGLE[0])?),
            link: single(SINGLE[1])?,
            index: single(SINGLE[2])?,
            master: single(SINGLE[3])?,
            log: LogKey::new(SigningKey::from_bytes(&*single(SINGLE[4])?)),
            kiosk: SealKey::new(&*single(SINGLE[5])?),
        })
    }

    /// The receipt key that signs now, with its number.
    ///
    /// # Panics
    ///
    /// Never: `load` refuses a directory without a receipt key.
    #[must_use]
    pub fn signing(&self) -> (u8, &ReceiptKey) {
        let last = self.receipts.len() - 1;
        (u8::try_from(last).expect("at most 255 receipt keys are read"), &self.receipts[last])
    }

    /// The public keys, old ones included.
    #[must_use]
    pub fn key_set(&self) -> KeySet {
        KeySet::new(self.receipts.iter().filter_map(|key| public(&key.signing)))
    }

    /// A fingerprint by which a database recognises its own keys: a database opened with other keys could neither
    /// find nor unseal anybody, and its logs would seem forged.
    #[must_use]
    pub fn fingerprint(&self) -> [u8; 16] {
        use sha2::Digest;
        let mut hash = sha2::Sha256::new_with_prefix(b"vinkje/keys/1\0");
        hash.update(self.receipts[0].signing.verifying_key().as_bytes());
        [&self.link, &self.index, &self.master].into_iter().for_each(|key| hash.update(**key));
        hash.update(self.log.named("log").to_string());
        hash.finalize()[..16].try_into().expect("a digest has 32 bytes")
    }
}

fn public(key: &SigningKey) -> Option<PublicKey> {
    PublicKey::from_bytes(key.verifying_key().as_bytes()).ok()
}

fn receipt_file(number: u8) -> String {
    format!("receipt-{number:03}.key")
}

fn load_receipt_keys(directory: &Path) -> Result<Vec<ReceiptKey>, KeyError> {
    let mut keys = vec![receipt_key(&read_file(&directory.join(receipt_file(0)))?)];
    for number in 1..RECEIPT_KEYS_MAX {
        match read_file(&directory.join(receipt_file(number))) {
            Ok(seed) => keys.push(receipt_key(&seed)),
            Err(KeyError::Missing(_)) => break,
            Err(error) => return Err(error),
        }
    }
    Ok(keys)
}

fn receipt_key(seed: &Secret) -> ReceiptKey {
    let signing = SigningKey::from_bytes(seed);
    let kid = public(&signing).map(|key| key.thumbprint()).unwrap_or_default();
    ReceiptKey { signing, header: shared::jws::header(&kid) }
}

/// 32 bytes from the operating system's generator.
///
/// # Errors
///
/// [`KeyError::Random`] when it gives none.
pub fn random() -> Result<Secret, KeyError> {
    let mut bytes = Zeroizing::new([0; 32]);
    getrandom::fill(bytes.as_mut_slice()).map_err(|_| KeyError::Random)?;
    Ok(bytes)
}

/// Makes a folder that only its owner can use.
///
/// # Errors
///
/// What the file system says.
pub(crate) fn create_folder(directory: &Path) -> Result<(), KeyError> {
    let private = fs::Permissions::from_mode(0o700);
    let made = fs::create_dir_all(directory).and_then(|()| fs::set_permissions(directory, private));
    made.map_err(|error| KeyError::Io(directory.into(), error))
}

/// Whether nobody but its owner can put other keys into a folder.
///
/// # Errors
///
/// [`KeyError::Folder`] when others can, or what the file system says.
pub(crate) fn check_folder(directory: &Path) -> Result<(), KeyError> {
    if mode(directory)? & 0o022 == 0 { Ok(()) } else { Err(KeyError::Folder(directory.into())) }
}

/// Makes one key in a new file that only its owner can read.
///
/// # Errors
///
/// [`KeyError::Exists`], or why there is no file.
pub(crate) fn create_file(path: &Path) -> Result<(), KeyError> {
    let secret = random()?;
    let file = fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path);
    let mut file = file.map_err(|error| match error.kind() {
        ErrorKind::AlreadyExists => KeyError::Exists(path.into()),
        _ => KeyError::Io(path.into(), error),
    })?;
    let written = file.write_all(secret.as_slice()).and_then(|()| file.sync_all());
    written.map_err(|error| KeyError::Io(path.into(), error))
}

fn mode(path: &Path) -> Result<u32, KeyError> {
    let metadata = fs::metadata(path).map_err(|error| match error.kind() {
        ErrorKind::NotFound => KeyError::Missing(path.into()),
        _ => KeyError::Io(path.into(), error),
    })?;
    Ok(metadata.permissions().mode())
}

/// Reads one key.
///
/// # Errors
///
/// When it is missing, open to others, or not a key.
pub(crate) fn read_file(path: &Path) -> Result<Secret, KeyError> {
    if mode(path)? & 0o077 != 0 {
        return Err(KeyError::Open(path.into()));
    }
    let bytes = Zeroizing::new(fs::read(path).map_err(|error| KeyError::Io(path.into(), error))?);
    let key = <[u8; 32]>::try_from(bytes.as_slice()).map_err(|_| KeyError::Length(path.into()))?;
    Ok(Zeroizing::new(key))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn directory() -> tempfile::TempDir {
        tempfile::tempdir().unwrap()
    }

    #[test]
    fn keys_read_back_and_are_never_overwritten() {
        let directory = directory();
        Keys::create(directory.path()).unwrap();
        let first = Keys::load(directory.path()).unwrap().fingerprint();
        assert!(matches!(Keys::create(directory.path()), Err(KeyError::Exists(_))));
        assert_eq!(Keys::load(directory.path()).unwrap().fingerprint(), first);
    }

    #[test]
    fn a_key_that_others_can_read_is_refused() {
        let directory = directory();
        Keys::create(directory.path()).unwrap();
        let file = directory.path().join("master.key");
        fs::set_permissions(&file, fs::Permissions::from_mode(0o644)).unwrap();
        assert!(matches!(Keys::load(directory.path()), Err(KeyError::Open(_))));
    }

    #[test]
    fn a_folder_that_others_can_change_is_refused() {
        let directory = directory();
        Keys::create(directory.path()).unwrap();
        fs::set_permissions(directory.path(), fs::Permissions::from_mode(0o777)).unwrap();
        assert!(matches!(Keys::load(directory.path()), Err(KeyError::Folder(_))));
        fs::set_permissions(directory.path(), fs::Permissions::from_mode(0o755)).unwrap();
        assert!(Keys::load(directory.path()).is_ok());
    }

    #[test]
    fn a_missing_or_short_key_is_named() {
        let directory = directory();
        Keys::create(directory.path()).unwrap();
        fs::write(directory.path().join("link.key"), b"short").unwrap();
        assert!(matches!(Keys::load(directory.path()), Err(KeyError::Length(_))));
        fs::remove_file(directory.path().join("link.key")).unwrap();
        assert!(matches!(Keys::load(directory.path()), Err(KeyError::Missing(_))));
    }

    #[test]
    fn an_added_receipt_key_signs_and_the_old_one_still_verifies() {
        let directory = directory();
        Keys::create(directory.path()).unwrap();
        create_file(&directory.path().join(receipt_file(1))).unwrap();
        let keys = Keys::load(directory.path()).unwrap();
        assert_eq!(keys.signing().0, 1);
        assert_eq!(keys.receipts.len(), 2);
        let old = public(&keys.receipts[0].signing).unwrap().thumbprint();
        assert!(keys.key_set().get(&old).is_some());
    }
}
