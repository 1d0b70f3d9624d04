//! What a page says when something went wrong: what happened, what was kept, what to do. Handlers give [`Failure`]s; the
//! guard makes pages of them in the reader's language.

use axum::{
    http::StatusCode,
    response::{IntoResponse, Response},
};
use cartulary_casework::Error as Casework;
use cartulary_ledger::Error as Register;

/// Why there is no page.
#[derive(Debug)]
pub(crate) enum Failure {
    /// There is nothing here, or it is not for this person: both look the same.
    Absent,
    /// Nobody is signed in.
    SignIn,
    /// The case is not this person's, and could be opened with a reason.
    NotYours(cartulary_model::CaseId),
    /// The form came from elsewhere, or is old.
    Form,
    /// Too many tries.
    TooMany,
    /// What was asked for cannot be; the sentence says why.
    Refused(String),
    /// What was sent is too large.
    TooLarge,
    /// Somebody else changed it meanwhile.
    Conflict,
    /// The disk or the database does not take anything now.
    Unavailable,
    /// Something of ours is wrong. The number leads to the log.
    Ours(String),
}

/// What a handler gives.
pub(crate) type Outcome<T = Response> = Result<T, Failure>;

impl Failure {
    pub(crate) fn status(&self) -> StatusCode {
        match self {
            Self::Absent | Self::NotYours(_) => StatusCode::NOT_FOUND,
            Self::SignIn => StatusCode::UNAUTHORIZED,
            Self::Form => StatusCode::FORBIDDEN,
            Self::TooMany => StatusCode::TOO_MANY_REQUESTS,
            Self::Refused(_) => StatusCode::UNPROCESSABLE_ENTITY,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::Conflict => StatusCode::CONFLICT,
            Self::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
            Self::Ours(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// The key of its words, and its name in JSON.
    pub(crate) const fn key(&self) -> &'static str {
        match self {
            Self::Absent => "absent",
            Self::NotYours(_) => "not_yours",
            Self::SignIn => "sign_in",
            Self::Form => "form",
            Self::TooMany => "too_many",
            Self::Refused(_) => "refused",
            Self::TooLarge => "too_large",
            Self::Conflict => "conflict",
            Self::Unavailable => "unavailable",
            Self::Ours(_) => "ours",
        }
    }
}

impl From<Casework> for Failure {
    fn from(error: Casework) -> Self {
        match error {
            Casework::Refused(why) => Self::Refused(why),
            Casework::Nothing { .. } => Self::Absent,
            Casework::Busy(_) => Self::Conflict,
            Casework::Ledger(Register::NoCase(_) | Register::Erased(_)) => Self::Absent,
            Casework::Ledger(Register::Conflict { .. }) => Self::Conflict,
            Casework::Ledger(Register::Unfit { why, .. }) => Self::Refused(why.to_owned()),
            Casework::Ledger(Register::Database { .. } | Register::Io { .. } | Register::Closed) => {
                tracing::error!(error = %error, "web.register_unavailable");
                Self::Unavailable
            }
            Casework::Paper { .. } => Self::Unavailable,
            // None of these texts names a patient.
            Casework::Ledger(_) | Casework::Vault(_) | Casework::Form { .. } | Casework::Later(_) => {
                Self::Ours(error.to_string())
            }
        }
    }
}

impl From<Register> for Failure {
    fn from(error: Register) -> Self {
        Casework::from(error).into()
    }
}

/// Carries a failure to the guard, which knows the language.
#[derive(Clone)]
pub(crate) struct Failed(pub(crate) std::sync::Arc<Failure>);

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        let mut response = self.status().into_response();
        response.extensions_mut().insert(Failed(std::sync::Arc::new(self)));
        response
    }
}
