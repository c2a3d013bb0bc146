#pragma once

namespace bellhop {

/// SQLite maps a file that it has filled with one byte a page. On file systems with smaller blocks
/// the rest are holes, and touching one on a full disk is a SIGBUS, not an error. From the first
/// call on such files get their blocks, or are not mapped.
void allocate_mapped_files();

}  // namespace bellhop
