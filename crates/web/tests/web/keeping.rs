//! Terms and erasure by the administrator, who sees no patient.

use crate::clinic::{Clinic, PASSWORD};
use axum::http::StatusCode;
use cartulary_casework::people::Role;

const ADMINISTRATOR: Option<Role> = Some(Role::Administrator);

#[tokio::test(flavor = "multi_thread")]
async fn a_case_is_erased_by_its_code_after_its_term_and_signed() {
    let clinic = Clinic::staffed().await;
    let case = clinic.case("Anna Muster", "R-CHOP x 6").await;
    let other = clinic.case("Bert Beispiel", "FL").await;
    let ledger = clinic.casework.ledger().clone();
    let case_code = ledger.code(case);
    let token = clinic.form_token(Role::Administrator).await;
    let ask = async |act: &str, until: &str, code: &str| {
        let form = [
            ("form_token", token.as_str()),
            ("act", act),
            ("case_code", case_code.as_str()),
            ("until", until),
            ("reason", "Art. 17 GDPR, asked by the patient"),
            ("password", PASSWORD),
            ("code", code),
        ];
        let answer = clinic.post(ADMINISTRATOR, "/keeping", &form).await;
        assert_eq!(answer.status, StatusCode::OK);
        assert!(!answer.text.contains("Muster"));
        answer.text
    };
    assert!(ask("retain", "2036-01-01", "").await.contains(&format!("case {case_code} has its new term")));
    // Neither before the day, nor with a wrong code.
    assert!(
        ask("erase", "", &clinic.next_code(Role::Administrator))
            .await
            .contains("must be kept until 2036-01-01")
    );
    ask("retain", "", "").await;
    assert!(ask("erase", "", "000000").await.contains("Nothing was erased"));
    assert!(ledger.case(case).await.is_ok());
    let page = ask("erase", "", &clinic.next_code(Role::Administrator)).await;
    assert!(page.contains("Certificate of erasure") && page.contains(&case.to_string()), "{page}");
    assert!(matches!(ledger.case(case).await, Err(cartulary_ledger::Error::Erased(_))));
    assert!(ledger.case(other).await.is_ok());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_code_of_no_case_does_nothing() {
    let clinic = Clinic::staffed().await;
    clinic.case("Anna Muster", "R-CHOP x 6").await;
    let before = clinic.casework.ledger().length().await.unwrap();
    let token = clinic.form_token(Role::Administrator).await;
    for case_code in ["", "AAAAAAAA", "Muster"] {
        let form =
            [("form_token", token.as_str()), ("act", "retain"), ("case_code", case_code), ("reason", "x")];
        let answer = clinic.post(ADMINISTRATOR, "/keeping", &form).await;
        assert!(answer.text.contains("No case has this code"), "{case_code}: {}", answer.text);
    }
    assert_eq!(clinic.casework.ledger().length().await.unwrap(), before);
}
