//! Analyses of campaigns built by hand, for tests.

use chrono::NaiveDate;

use super::{Analysis, Basis, analyse};
use crate::campaign::bind;
use crate::catalogue::Catalogue;
use crate::catalogue::record::Records;
use crate::policy::Policy;

/// The analysis of these records under the default settings.
pub fn analysed(records: Records) -> Analysis {
    analysed_on(records, NaiveDate::default())
}

/// The same as of a day.
pub fn analysed_on(records: Records, as_of: NaiveDate) -> Analysis {
    analyse(Basis {
        catalogue: Catalogue::shipped(),
        records: &records,
        campaign: &bind(&records),
        policy: &Policy::default(),
        as_of,
    })
}
