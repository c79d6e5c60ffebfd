//! Ids of findings: the same finding always has the same one.

use crate::domain::alert::AlertKind;
use crate::domain::plan::Plan;
use sha2::{Digest, Sha256};
use uuid::{Builder, Uuid};

/// Id of a finding about `subject` on a plan's day; `scope` tells findings of one kind and subject
/// apart. A name-based UUID of version 8 (RFC 9562, section 5.8) over SHA-256.
pub(super) fn id(plan: &Plan, kind: AlertKind, subject: &str, scope: &str) -> Uuid {
    let mut hash = Sha256::new();
    let (plan_id, kind) = (plan.id.to_string(), format!("{kind:?}"));
    for part in ["routeforce.alert/1", &plan_id, &kind, subject, scope] {
        // Lengths keep ("ab", "c") and ("a", "bc") apart.
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part.as_bytes());
    }
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&hash.finalize()[..16]);
    Builder::from_custom_bytes(bytes).into_uuid()
}
