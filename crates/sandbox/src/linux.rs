//! The box as Linux builds it.

pub(crate) mod calls;
pub(crate) mod door;
pub(crate) mod inmate;
pub(crate) mod keeper;
pub(crate) mod lock;
pub(crate) mod zygote;
