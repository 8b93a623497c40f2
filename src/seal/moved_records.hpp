// Layout records of a document after an edit of its sealed text: their nodes may have other addresses now, or be gone.
#pragma once

#include "leafseal/document.hpp"
#include "seal/layout_records.hpp"

namespace leafseal {

// `edits` are those that made `after`'s source from `before`'s.
LayoutRecords moved_records(const LayoutRecords& records, const Document& before, const Edits& edits, const Document& after);

}  // namespace leafseal
