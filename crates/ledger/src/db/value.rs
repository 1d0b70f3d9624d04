//! Values on their way into the database.

/// A value to bind, or to put into a row.
#[derive(Clone, Debug, PartialEq, PartialOrd)]
pub(crate) enum Value {
    Int(Option<i64>),
    Real(Option<f64>),
    Text(Option<String>),
    Bytes(Option<Vec<u8>>),
}

impl Value {
    /// The type of its column in PostgreSQL.
    pub(super) const fn array(&self) -> &'static str {
        match self {
            Self::Int(_) => "BIGINT",
            Self::Real(_) => "DOUBLE PRECISION",
            Self::Text(_) => "TEXT",
            Self::Bytes(_) => "BYTEA",
        }
    }

    // A column holds values of one kind; another could not be written and is nothing here, which the table refuses.

    pub(super) fn int(&self) -> Option<i64> {
        if let Self::Int(value) = self { *value } else { None }
    }

    pub(super) fn real(&self) -> Option<f64> {
        if let Self::Real(value) = self { *value } else { None }
    }

    pub(super) fn text(&self) -> Option<String> {
        if let Self::Text(value) = self { value.clone() } else { None }
    }

    pub(super) fn bytes(&self) -> Option<Vec<u8>> {
        if let Self::Bytes(value) = self { value.clone() } else { None }
    }
}

impl From<i64> for Value {
    fn from(value: i64) -> Self {
        Self::Int(Some(value))
    }
}

impl From<&str> for Value {
    fn from(value: &str) -> Self {
        Self::Text(Some(value.to_owned()))
    }
}

impl From<String> for Value {
    fn from(value: String) -> Self {
        Self::Text(Some(value))
    }
}

impl From<&[u8]> for Value {
    fn from(value: &[u8]) -> Self {
        Self::Bytes(Some(value.to_vec()))
    }
}

impl From<Vec<u8>> for Value {
    fn from(value: Vec<u8>) -> Self {
        Self::Bytes(Some(value))
    }
}

impl<const N: usize> From<[u8; N]> for Value {
    fn from(value: [u8; N]) -> Self {
        Self::Bytes(Some(value.to_vec()))
    }
}

impl From<Option<i64>> for Value {
    fn from(value: Option<i64>) -> Self {
        Self::Int(value)
    }
}

impl From<Option<f64>> for Value {
    fn from(value: Option<f64>) -> Self {
        Self::Real(value)
    }
}

impl From<Option<String>> for Value {
    fn from(value: Option<String>) -> Self {
        Self::Text(value)
    }
}

impl From<Option<Vec<u8>>> for Value {
    fn from(value: Option<Vec<u8>>) -> Self {
        Self::Bytes(value)
    }
}
