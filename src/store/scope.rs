//! Whose rows a statement may see.

use std::fmt;
use uuid::Uuid;

/// The tenant that the first migration creates, used as long as there is no sign-in.
pub const DEFAULT_TENANT: TenantScope = TenantScope(Uuid::from_u128(1));

/// One tenant, as the first argument of everything that reads or writes rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TenantScope(Uuid);

impl TenantScope {
    /// The scope of a tenant whose right to it has been established.
    pub fn of(tenant: Uuid) -> Self {
        Self(tenant)
    }

    /// Value of the column `tenant_id`.
    pub(super) fn key(self) -> String {
        self.0.to_string()
    }
}

impl fmt::Display for TenantScope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
