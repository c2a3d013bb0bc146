#pragma once
#include <algorithm>
#include <cassert>
#include <cstddef>
#include <memory>
#include <span>

namespace bellhop {

/// An array whose length is chosen once, at start, and never changes. Elements are
/// value-initialised; the memory is owned and freed with the array.
template <class T>
class FixedArray {
 public:
  FixedArray() = default;
  explicit FixedArray(std::size_t size) : items_(std::make_unique<T[]>(size)), size_(size) {}

  [[nodiscard]] std::size_t size() const { return size_; }
  [[nodiscard]] T& operator[](std::size_t i) {
    assert(i < size_);
    return items_[i];
  }
  [[nodiscard]] const T& operator[](std::size_t i) const {
    assert(i < size_);
    return items_[i];
  }
  [[nodiscard]] T* begin() { return items_.get(); }
  [[nodiscard]] T* end() { return items_.get() + size_; }
  [[nodiscard]] const T* begin() const { return items_.get(); }
  [[nodiscard]] const T* end() const { return items_.get() + size_; }
  [[nodiscard]] std::span<T> span() { return {items_.get(), size_}; }

 private:
  std::unique_ptr<T[]> items_;
  std::size_t size_ = 0;
};

/// A list of at most `capacity` elements, reserved once; push_back refuses when it is full.
template <class T>
class FixedList {
 public:
  FixedList() = default;
  explicit FixedList(std::size_t capacity) : items_(capacity) {}

  [[nodiscard]] bool push_back(const T& item) {
    if (count_ == items_.size()) return false;
    items_[count_++] = item;
    return true;
  }
  /// The same where the caller knows that there is room.
  void append(const T& item) {
    [[maybe_unused]] const bool pushed = push_back(item);
    assert(pushed);
  }
  /// Takes the last element out; there is one.
  [[nodiscard]] T take_back() {
    assert(count_ > 0);
    return items_[--count_];
  }
  /// Removes element i in O(1) by moving the last one into its place.
  void swap_remove(std::size_t i) {
    assert(i < count_);
    items_[i] = items_[--count_];
  }
  /// Removes the element equal to `item`, which is in the list; the others keep their order.
  void erase(const T& item) {
    T* const end = items_.begin() + count_;
    T* const at = std::find(items_.begin(), end, item);
    assert(at != end);
    std::move(at + 1, end, at);
    --count_;
  }
  void clear() { count_ = 0; }
  /// Keeps the first `count` elements.
  void truncate(std::size_t count) {
    assert(count <= count_);
    count_ = count;
  }
  [[nodiscard]] std::size_t size() const { return count_; }
  [[nodiscard]] std::size_t capacity() const { return items_.size(); }
  [[nodiscard]] bool empty() const { return count_ == 0; }
  [[nodiscard]] T& operator[](std::size_t i) { return items_[i]; }
  [[nodiscard]] const T& operator[](std::size_t i) const { return items_[i]; }
  [[nodiscard]] std::span<const T> span() const { return {items_.begin(), count_}; }

 private:
  FixedArray<T> items_;
  std::size_t count_ = 0;
};

}  // namespace bellhop
