// einsum.h from C++17: a kernel as a value that cleans up after itself.
#include <einsum.h>

#include <complex>
#include <iostream>
#include <memory>
#include <stdexcept>
#include <vector>

namespace {

struct Release {
  void operator()(einsum_kernel *kernel) const { einsum_release(kernel); }
};
using Kernel = std::unique_ptr<einsum_kernel, Release>;

void check(einsum_status status) {
  if (status != EINSUM_OK) throw std::runtime_error(einsum_error_message());
}

Kernel compile(const char *equation, const std::vector<einsum_tensor> &operands) {
  einsum_options options = EINSUM_OPTIONS_INIT;
  options.threads = 1;
  einsum_kernel *kernel = nullptr;
  check(einsum_compile(equation, operands.size(), operands.data(), nullptr, &options, &kernel));
  return Kernel(kernel);
}

}  // namespace

int main() {
  const std::vector<int64_t> shape{2, 2};
  const einsum_tensor matrix{EINSUM_COMPLEX128, 2, shape.data(), nullptr, 0, 0};
  const std::vector<std::complex<double>> a{{1, 1}, {0, 0}, {0, 0}, {2, -1}}, b{{3, 0}, {1, 0}, {0, 0}, {0, 1}};
  std::vector<std::complex<double>> c(4);
  const Kernel kernel = compile("ij,jk->ik", {matrix, matrix});
  const void *const data[] = {a.data(), b.data()};
  check(einsum_run(kernel.get(), data, c.data(), nullptr));
  if (c != std::vector<std::complex<double>>{{3, 3}, {1, 1}, {0, 0}, {1, 2}}) {
    std::cout << "wrong product\n";
    return 1;
  }
  try {
    compile("ij,jk->ix", {matrix, matrix});
  } catch (const std::runtime_error &error) {
    const std::string text = error.what();
    if (text.find("[output-label]") != std::string::npos) return 0;
    std::cout << "another error: " << text << '\n';
    return 1;
  }
  std::cout << "not refused\n";
  return 1;
}
