using Polder.Storage;
using Polder.Storage.Memory;

namespace Polder.Tests.Storage;

public sealed class MemoryStoreTests : StoreContract
{
    protected override IObjectStore Open() => new MemoryStore();
}
