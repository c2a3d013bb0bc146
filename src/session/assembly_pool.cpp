#include "session/assembly_pool.h"

namespace bellhop {

AssemblyPool::AssemblyPool(std::size_t buffers, std::size_t bytes_each)
    : memory_(buffers * bytes_each), sizes_(buffers), free_(buffers), bytes_each_(bytes_each) {
  gauge_.capacity = buffers;
  for (std::size_t i = buffers; i-- > 0;) {
    free_.append(static_cast<AssemblyRef>(i));
  }
}

AssemblyRef AssemblyPool::take() {
  if (free_.empty()) {
    gauge_.refuse();
    return kNoAssembly;
  }
  const AssemblyRef buffer = free_.take_back();
  sizes_[buffer] = 0;
  gauge_.take();
  return buffer;
}

void AssemblyPool::give_back(AssemblyRef buffer) {
  free_.append(buffer);
  gauge_.release();
}

bool AssemblyPool::append(AssemblyRef buffer, std::string_view bytes) {
  if (bytes.size() > bytes_each_ - sizes_[buffer]) return false;
  bytes.copy(memory_.begin() + buffer * bytes_each_ + sizes_[buffer], bytes.size());
  sizes_[buffer] += static_cast<std::uint32_t>(bytes.size());
  return true;
}

std::span<char> AssemblyPool::bytes(AssemblyRef buffer) {
  return memory_.span().subspan(buffer * bytes_each_, sizes_[buffer]);
}

}  // namespace bellhop
