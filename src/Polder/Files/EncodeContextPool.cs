using System.Collections.Concurrent;
using Polder.Parquet.Write;

namespace Polder.Files;

/// <summary>
/// The encoding contexts of an engine: as many as it runs jobs at once, whatever number of files is open. A codec's
/// tables are larger than many a file.
/// </summary>
internal sealed class EncodeContextPool
{
    private readonly ConcurrentBag<EncodeContext> _free = [];

    /// <summary>A context for one job.</summary>
    public EncodeContext Rent(Engine engine) =>
        _free.TryTake(out EncodeContext? context) ? context : new EncodeContext(engine.Allocator);

    /// <summary>Takes a context back.</summary>
    public void Return(EncodeContext context, Engine engine)
    {
        context.Release();
        if (_free.Count < engine.Parallelism)
        {
            _free.Add(context);
        }
        else
        {
            context.Dispose();
        }
    }
}
