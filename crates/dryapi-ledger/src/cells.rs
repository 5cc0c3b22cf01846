//! Values in a store's cells: read, changed, and written if nobody else did meanwhile.

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::account::{Salt, Scope};
use crate::error::{StoreError, StoreErrorKind};
use crate::random;
use crate::store::{Cell, Change, Commit, Expected, Store};

/// A store whose rows change faster than one can read them is broken.
const TRIES: u32 = 1000;

/// Attempts at a compare-and-set. Somebody else's success is behind each that fails.
#[derive(Debug, Default)]
pub(crate) struct Tries(u32);

impl Tries {
    /// One more.
    pub(crate) fn next(&mut self) -> Result<(), StoreError> {
        self.0 += 1;
        if self.0 > TRIES {
            let text = "the ledger's rows change all the time: too many processes write to it";
            return Err(StoreError::new(StoreErrorKind::Busy, text));
        }
        Ok(())
    }
}

/// A cell's value, and what is expected when it is written back.
#[derive(Debug)]
pub(crate) struct Value<T> {
    key: String,
    expected: Expected,
    pub(crate) value: T,
}

impl<T: Serialize + DeserializeOwned + Default> Value<T> {
    pub(crate) async fn read(
        store: &dyn Store,
        scope: &Scope,
        key: String,
    ) -> Result<Self, StoreError> {
        Ok(match store.cell(scope, &key).await? {
            Some(cell) => Self {
                expected: Expected::Version(cell.version),
                value: decode(&cell)?,
                key,
            },
            None => Self {
                expected: Expected::Absent,
                value: T::default(),
                key,
            },
        })
    }

    pub(crate) fn change(self) -> Result<Change, StoreError> {
        Ok(Change::Cell {
            expected: self.expected,
            value: encode(&self.key, &self.value)?,
            key: self.key,
        })
    }
}

pub(crate) fn decode<T: DeserializeOwned>(cell: &Cell) -> Result<T, StoreError> {
    serde_json::from_str(&cell.value).map_err(|error| {
        let text = format!("the ledger's value {:?} cannot be read", cell.key);
        StoreError::new(StoreErrorKind::Corrupt, text).with_source(error)
    })
}

fn encode<T: Serialize>(key: &str, value: &T) -> Result<String, StoreError> {
    serde_json::to_string(value).map_err(|error| {
        let text = format!("the ledger's value {key:?} cannot be written");
        StoreError::new(StoreErrorKind::Other, text).with_source(error)
    })
}

/// The store's salt, drawn when it is asked for the first time.
pub(crate) async fn salt(store: &dyn Store) -> Result<Salt, StoreError> {
    const KEY: &str = "salt";
    let scope = Scope::store();
    let mut tries = Tries::default();
    loop {
        tries.next()?;
        if let Some(cell) = store.cell(&scope, KEY).await? {
            return decode(&cell).map(Salt::from_bytes);
        }
        let drawn = random::bytes::<32>()?;
        let change = Change::Cell {
            expected: Expected::Absent,
            key: KEY.to_owned(),
            value: encode(KEY, &drawn)?,
        };
        if store.commit(&scope, &[change]).await? == Commit::Stored {
            return Ok(Salt::from_bytes(drawn));
        }
    }
}
