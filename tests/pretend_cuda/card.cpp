// A pretend CUDA device for PyTorch's CPU build: the key "cuda" works, its memory is the host's, its kernels the CPU's.
//
// What it shows: whether code puts every tensor, generator and pinned buffer where a real card wants it. What it cannot
// show: speed, the card's own rounding, its limits. Each operator that reaches the CUDA key runs `run_on_host`: it makes
// CPU tensors over the same memory, refuses mixtures that a card refuses, calls the CPU kernel and dresses what comes
// back as CUDA tensors.
#include <ATen/ATen.h>
#include <ATen/CPUGeneratorImpl.h>
#include <ATen/detail/CUDAHooksInterface.h>
#include <c10/core/impl/DeviceGuardImplInterface.h>
#include <torch/library.h>

#include <unistd.h>

#include <atomic>
#include <cstring>
#include <mutex>
#include <string>
#include <unordered_map>
#include <vector>

namespace {

const c10::Device kCard(c10::DeviceType::CUDA, 0);
std::atomic<int64_t> allocated{0}, most{0};

void count(int64_t bytes) {
  int64_t now = allocated += bytes, before = most.load();
  while (now > before && !most.compare_exchange_weak(before, now)) {
  }
}

void no_fork() {  // a driver's context does not survive a fork: a child of who used the card may not use it
  static const pid_t first = getpid();
  TORCH_CHECK(getpid() == first, "Cannot re-initialize CUDA in forked subprocess. To use CUDA with multiprocessing, ",
              "you must use the 'spawn' start method");
}

// ---- memory -------------------------------------------------------------------------------------------------------

struct Held {  // what keeps a piece of the card's memory alive: the CPU storage that it is
  c10::Storage storage;
  int64_t bytes;
};

void let_go(void* held) {
  count(-static_cast<Held*>(held)->bytes);
  delete static_cast<Held*>(held);
}

c10::DataPtr on_card(const c10::Storage& host) {
  auto* held = new Held{host, static_cast<int64_t>(host.nbytes())};
  count(held->bytes);
  return c10::DataPtr(host.mutable_data(), held, &let_go, kCard);
}

struct CardAllocator final : c10::Allocator {
  c10::DataPtr allocate(size_t bytes) override {
    no_fork();
    return on_card(c10::Storage(c10::Storage::use_byte_size_t(), bytes, c10::GetAllocator(c10::DeviceType::CPU), /*resizable=*/true));
  }
  c10::DeleterFnPtr raw_deleter() const override {
    return nullptr;
  }
  void copy_data(void* to, const void* from, size_t bytes) const override {
    std::memcpy(to, from, bytes);
  }
};
CardAllocator card_allocator;

std::unordered_map<const void*, bool> pinned;  // pages that pin_memory() gave out, as a card's driver would know them
std::mutex pinned_lock;

void unpin(void* held) {
  auto* storage = static_cast<c10::Storage*>(held);
  {
    std::lock_guard<std::mutex> hold(pinned_lock);
    pinned.erase(storage->data());
  }
  delete storage;
}

struct PinnedAllocator final : c10::Allocator {
  c10::DataPtr allocate(size_t bytes) override {
    auto* storage = new c10::Storage(c10::Storage::use_byte_size_t(), bytes, c10::GetAllocator(c10::DeviceType::CPU), true);
    std::lock_guard<std::mutex> hold(pinned_lock);
    pinned[storage->data()] = true;
    return c10::DataPtr(storage->mutable_data(), storage, &unpin, c10::Device(c10::DeviceType::CPU));
  }
  c10::DeleterFnPtr raw_deleter() const override {
    return nullptr;
  }
  void copy_data(void* to, const void* from, size_t bytes) const override {
    std::memcpy(to, from, bytes);
  }
};
PinnedAllocator pinned_allocator;

// ---- random numbers -----------------------------------------------------------------------------------------------

struct CardGenerator final : c10::GeneratorImpl {
  at::Generator host;
  explicit CardGenerator(at::Generator inner)
      : GeneratorImpl(kCard, c10::DispatchKeySet(c10::DispatchKey::CUDA)), host(std::move(inner)) {}
  void set_current_seed(uint64_t seed) override {
    host.set_current_seed(seed);
  }
  void set_offset(uint64_t offset) override {
    host.set_offset(offset);
  }
  uint64_t get_offset() const override {
    return host.get_offset();
  }
  uint64_t current_seed() const override {
    return host.current_seed();
  }
  uint64_t seed() override {
    return host.seed();
  }
  void set_state(const c10::TensorImpl& state) override {
    host.unsafeGetGeneratorImpl()->set_state(state);
  }
  c10::intrusive_ptr<c10::TensorImpl> get_state() const override {
    return host.unsafeGetGeneratorImpl()->get_state();
  }
  CardGenerator* clone_impl() const override {
    return new CardGenerator(host.clone());
  }
};

at::Generator new_generator(uint64_t seed) {
  return at::make_generator<CardGenerator>(at::detail::createCPUGenerator(seed));
}

const at::Generator& default_generator() {
  static const at::Generator one = new_generator(c10::default_rng_seed_val);
  return one;
}

// ---- what PyTorch asks a device's library -------------------------------------------------------------------------

struct CardHooks final : at::CUDAHooksInterface {
  explicit CardHooks(at::CUDAHooksArgs) {}
  void init() const override {}
  bool isBuilt() const override {
    return true;
  }
  bool isAvailable() const override {
    return true;
  }
  bool hasCUDA() const override {
    return true;
  }
  bool hasPrimaryContext(c10::DeviceIndex) const override {
    return true;
  }
  c10::DeviceIndex deviceCount() const override {
    return 1;
  }
  int getNumGPUs() const override {
    return 1;
  }
  c10::DeviceIndex current_device() const override {
    return 0;
  }
  c10::DeviceIndex getCurrentDevice() const override {
    return 0;
  }
  void setCurrentDevice(c10::DeviceIndex) const override {}
  c10::DeviceIndex exchangeDevice(c10::DeviceIndex) const override {
    return 0;
  }
  c10::DeviceIndex maybeExchangeDevice(c10::DeviceIndex) const override {
    return 0;
  }
  void deviceSynchronize(c10::DeviceIndex) const override {}
  const at::Generator& getDefaultGenerator(c10::DeviceIndex = -1) const override {
    return default_generator();
  }
  at::Generator getNewGenerator(c10::DeviceIndex = -1) const override {
    static std::atomic<bool> first{true};  // pretend.py asks first, for torch.cuda.default_generators
    return first.exchange(false) ? default_generator() : new_generator(c10::default_rng_seed_val);
  }
  c10::Allocator* getPinnedMemoryAllocator() const override {
    return &pinned_allocator;
  }
  c10::Allocator* getCUDADeviceAllocator() const override {
    return &card_allocator;
  }
  bool isPinnedPtr(const void* data) const override {
    std::lock_guard<std::mutex> hold(pinned_lock);
    return pinned.count(data) > 0;
  }
  at::Device getDeviceFromPtr(void*) const override {
    return kCard;
  }
  std::string showConfig() const override {
    return "a pretend CUDA device in host memory";
  }
};

struct CardGuard final : c10::impl::NoOpDeviceGuardImpl<c10::DeviceType::CUDA> {
  c10::Device exchangeDevice(c10::Device) const override {
    return kCard;
  }
  c10::Device getDevice() const override {
    return kCard;
  }
  c10::Stream getStream(c10::Device) const noexcept override {
    return c10::Stream(c10::Stream::DEFAULT, kCard);
  }
  c10::Stream getNewStream(c10::Device, int = 0) const override {
    return getStream(kCard);
  }
  c10::Stream exchangeStream(c10::Stream) const noexcept override {
    return getStream(kCard);
  }
  void record(void**, const c10::Stream&, const c10::DeviceIndex, const c10::EventFlag) const override {}
  void block(void*, const c10::Stream&) const override {}
  bool queryEvent(void*) const override {
    return true;
  }
};

// ---- one call -----------------------------------------------------------------------------------------------------

struct Pair {
  at::Tensor card, host;
};

class Call {  // the tensors of one operator's call, on both sides
 public:
  at::Tensor lend(const at::Tensor& card) {
    for (const Pair& pair : pairs_)
      if (pair.card.is_same(card))
        return pair.host;
    if (!card.is_cuda()) {  // a host tensor among the card's: itself on both sides
      pairs_.push_back({card, card});
      return card;
    }
    auto* key = card.storage().unsafeGetStorageImpl();
    if (!storages_.count(key)) {
      auto* keep = new c10::Storage(card.storage());
      c10::DataPtr data(card.storage().mutable_data(), keep, [](void* kept) { delete static_cast<c10::Storage*>(kept); },
                        c10::Device(c10::DeviceType::CPU));
      storages_.emplace(key, c10::Storage(c10::Storage::use_byte_size_t(), card.storage().nbytes(), std::move(data),
                                          c10::GetAllocator(c10::DeviceType::CPU), /*resizable=*/true));
    }
    at::Tensor host = dress(storages_.at(key), c10::DispatchKey::CPU, card);
    pairs_.push_back({card, host});
    return host;
  }

  at::Tensor give_back(const at::Tensor& host) {
    if (!host.defined() || !host.device().is_cpu())
      return host;
    for (const Pair& pair : pairs_)
      if (pair.host.is_same(host))
        return pair.card;
    for (const Pair& pair : pairs_)  // a view of an argument
      if (pair.host.storage().unsafeGetStorageImpl() == host.storage().unsafeGetStorageImpl())
        return pair.card.is_cuda() ? dress(pair.card.storage(), c10::DispatchKey::CUDA, host) : host;
    c10::Storage storage(c10::Storage::use_byte_size_t(), host.storage().nbytes(), on_card(host.storage()),
                         &card_allocator, /*resizable=*/true);
    return dress(storage, c10::DispatchKey::CUDA, host);
  }

  void tell_changes() {  // resize_, squeeze_, set_ and out= of another size change what a tensor is
    for (const Pair& pair : pairs_) {
      if (pair.card.is_same(pair.host))
        continue;
      auto* kept = pair.card.storage().unsafeGetStorageImpl();
      if (pair.host.storage().data() != kept->data() || pair.host.storage().nbytes() != kept->nbytes()) {
        kept->set_nbytes(pair.host.storage().nbytes());
        kept->set_data_ptr_noswap(on_card(pair.host.storage()));
      }
      if (pair.host.sizes() != pair.card.sizes() || pair.host.strides() != pair.card.strides() ||
          pair.host.storage_offset() != pair.card.storage_offset())
        pair.card.unsafeGetTensorImpl()->set_sizes_and_strides(pair.host.sizes(), pair.host.strides(),
                                                               pair.host.storage_offset());
    }
  }

 private:
  static at::Tensor dress(const c10::Storage& storage, c10::DispatchKey key, const at::Tensor& like) {
    at::Tensor made = at::detail::make_tensor<c10::TensorImpl>(c10::Storage(storage), c10::DispatchKeySet(key),
                                                               like.dtype());
    auto* impl = made.unsafeGetTensorImpl();
    impl->set_sizes_and_strides(like.sizes(), like.strides(), like.storage_offset());
    if (like.unsafeGetTensorImpl()->is_wrapped_number())
      impl->set_wrapped_number(true);
    if (like.is_complex())
      made._set_conj(like.is_conj());
    made._set_neg(like.is_neg());
    return made;
  }

  std::vector<Pair> pairs_;
  std::unordered_map<c10::StorageImpl*, c10::Storage> storages_;
};

bool takes_host_tensors(const std::string& name) {  // those where a real card takes a CPU tensor of any size too
  return name == "aten::copy_" || name == "aten::index" || name == "aten::index_put_" || name == "aten::index_put" ||
      name == "aten::_index_put_impl_" || name == "aten::_local_scalar_dense" || name == "aten::set_" ||
      name == "aten::_amp_foreach_non_finite_check_and_unscale_";
}

struct Seen {
  bool card = false, host = false, any_host = false, generator = false;
};

void look(const at::Tensor& tensor, Seen& seen) {
  if (!tensor.defined())
    return;
  seen.card |= tensor.is_cuda();
  seen.any_host |= tensor.device().is_cpu();
  seen.host |= tensor.device().is_cpu() && tensor.dim() > 0;
}

c10::IValue to_host(const c10::IValue& value, const c10::Argument& argument, Call& call, Seen& seen,
                    const std::string& name) {
  auto lend = [&](const at::Tensor& tensor) {
    look(tensor, seen);
    return tensor.defined() ? call.lend(tensor) : tensor;
  };
  if (value.isTensor())
    return lend(value.toTensor());
  if (value.isTensorList()) {
    c10::List<at::Tensor> lent;
    for (const at::Tensor& tensor : value.toTensorVector())
      lent.push_back(lend(tensor));
    return lent;
  }
  if (value.isOptionalTensorList()) {
    c10::List<std::optional<at::Tensor>> lent;
    for (const std::optional<at::Tensor>& tensor : value.toOptionalTensorVector()) {
      TORCH_CHECK(name != "aten::index" || !tensor || !tensor->defined() || !tensor->is_cuda() || seen.card,
                  "indices should be either on cpu or on the same device as the indexed tensor (cpu)");
      lent.push_back(tensor ? std::optional<at::Tensor>(lend(*tensor)) : std::nullopt);
    }
    return lent;
  }
  if (value.isDevice()) {
    TORCH_CHECK(value.toDevice().index() < 1, "CUDA error: invalid device ordinal");
    return c10::Device(c10::DeviceType::CPU);
  }
  if (value.isGenerator()) {
    seen.generator = true;
    const at::Generator& given = value.toGenerator();
    TORCH_CHECK(given.device().is_cuda(), "Expected a 'cuda' device type for generator but found '", given.device(),
                "'");
    return given.get<CardGenerator>()->host;
  }
  if (value.isNone() && argument.type()->kind() == c10::TypeKind::OptionalType &&
      argument.type()->expectRef<c10::OptionalType>().getElementType()->kind() == c10::TypeKind::GeneratorType)
    return default_generator().get<CardGenerator>()->host;
  return value;
}

c10::IValue to_card(const c10::IValue& value, Call& call) {
  if (value.isTensor())
    return call.give_back(value.toTensor());
  if (value.isTensorList()) {
    c10::List<at::Tensor> given;
    for (const at::Tensor& tensor : value.toTensorVector())
      given.push_back(call.give_back(tensor));
    return given;
  }
  return value;
}

void run_on_host(const c10::OperatorHandle& op, torch::jit::Stack* stack) {
  const c10::FunctionSchema& schema = op.schema();
  const size_t arguments = schema.arguments().size(), begin = stack->size() - arguments;
  const std::string& name = schema.name();
  no_fork();
  Call call;
  Seen seen;
  for (size_t i = 0; i < arguments; ++i)
    (*stack)[begin + i] = to_host((*stack)[begin + i], schema.arguments()[i], call, seen, name);
  TORCH_CHECK(!(seen.card && seen.host) || takes_host_tensors(name),
              "Expected all tensors to be on the same device, but found at least two devices, cuda:0 and cpu! "
              "(when checking argument in method wrapper_CUDA_", name.substr(name.find("::") + 2), ")");
  TORCH_CHECK(!(seen.generator && seen.any_host && !seen.card),
              "Expected a 'cpu' device type for generator but found 'cuda'");
  op.redispatchBoxed(c10::DispatchKeySet(c10::DispatchKey::CPU), stack);
  call.tell_changes();
  const size_t returns = schema.returns().size(), first = stack->size() - returns;
  for (size_t i = first; i < stack->size(); ++i)
    (*stack)[i] = to_card((*stack)[i], call);
}

at::Tensor attend(const at::Tensor& query, const at::Tensor& key, const at::Tensor& value,
                  const std::optional<at::Tensor>& mask, double dropout, bool causal, std::optional<double> scale,
                  bool grouped) {
  // PyTorch chooses a kernel by a table that has no entry for this device; the formula itself is differentiable
  return std::get<0>(at::_scaled_dot_product_attention_math(query, key, value, mask, dropout, causal, std::nullopt,
                                                            scale, grouped));
}

at::Tensor& set_storage_offset(at::Tensor& self, at::Storage source, int64_t offset, at::IntArrayRef sizes,
                               at::IntArrayRef strides) {
  TORCH_CHECK(source.device() == self.device(), "Attempted to set the storage of a tensor on device \"", self.device(),
              "\" to a storage on different device \"", source.device(), "\"");
  auto* impl = self.unsafeGetTensorImpl();
  impl->set_storage_keep_dtype(std::move(source));
  impl->set_storage_offset(offset);
  if (strides.size() == sizes.size())
    impl->set_sizes_and_strides(sizes, strides);
  else
    impl->set_sizes_contiguous(sizes);
  return self;
}

at::Tensor& set_storage(at::Tensor& self, at::Storage source) {
  const auto size = static_cast<int64_t>(source.nbytes() / self.dtype().itemsize());
  return set_storage_offset(self, std::move(source), 0, {size}, {});
}

at::Tensor& set_tensor(at::Tensor& self, const at::Tensor& source) {
  return set_storage_offset(self, source.storage(), source.storage_offset(), source.sizes(), source.strides());
}

}  // namespace

namespace at {
C10_REGISTER_GUARD_IMPL(CUDA, CardGuard)
C10_REGISTER_TYPED_CLASS(CUDAHooksRegistry, "CUDAHooks", CardHooks)
}  // namespace at

TORCH_LIBRARY_IMPL(_, CUDA, m) {
  m.fallback(torch::CppFunction::makeFromBoxedFunction<&run_on_host>());
}

TORCH_LIBRARY_IMPL(aten, CUDA, m) {
  m.impl("copy_", torch::CppFunction::makeFromBoxedFunction<&run_on_host>());
  m.impl("set_.source_Storage", &set_storage);
  m.impl("set_.source_Storage_storage_offset", &set_storage_offset);
  m.impl("set_.source_Tensor", &set_tensor);
  m.impl("scaled_dot_product_attention", &attend);
}

TORCH_LIBRARY_IMPL(aten, AutogradCUDA, m) {
  m.impl("scaled_dot_product_attention", &attend);
}

extern "C" {
void pretend_begin() {
  c10::SetAllocator(c10::DeviceType::CUDA, &card_allocator);
}
int64_t pretend_allocated() {
  return allocated.load();
}
int64_t pretend_most() {
  return most.load();
}
void pretend_reset() {
  most.store(allocated.load());
}
}
