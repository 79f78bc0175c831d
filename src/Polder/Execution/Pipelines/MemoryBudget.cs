using System.Globalization;
using System.Threading;
using Polder.Expressions;

namespace Polder.Execution.Pipelines;

/// <summary>The bytes that the operators of one query hold together. Thread-safe.</summary>
internal sealed class MemoryBudget(long limitBytes)
{
    private long _usedBytes;

    /// <summary>Bytes held now.</summary>
    public long UsedBytes => Interlocked.Read(ref _usedBytes);

    /// <summary>Counts more bytes, or fewer.</summary>
    /// <exception cref="QueryException">The limit is passed; nothing was counted.</exception>
    public void Add(string operatorName, long bytes)
    {
        long used = Interlocked.Add(ref _usedBytes, bytes);
        if (bytes > 0 && used > limitBytes)
        {
            Interlocked.Add(ref _usedBytes, -bytes);
            throw new QueryException("UNABLE_TO_ACQUIRE_MEMORY", "53200", string.Create(
                CultureInfo.InvariantCulture,
                $"{operatorName} needs {bytes} bytes more, and the query already holds {used - bytes} of the " +
                $"{limitBytes} it may (Limits.QueryMemory). Raise the limit, or make it hold fewer rows: filter " +
                $"earlier, select fewer columns, or put the smaller table on the right of the join."));
        }
    }
}

/// <summary>What one operator holds of the budget. One thread at a time.</summary>
internal sealed class MemoryAccount(MemoryBudget budget, string operatorName)
{
    private long _heldBytes;

    /// <summary>Sets what the operator holds, before it grows and after it shrank.</summary>
    public void Set(long bytes)
    {
        budget.Add(operatorName, bytes - _heldBytes);
        _heldBytes = bytes;
    }

    /// <summary>Counts more bytes.</summary>
    public void Add(long bytes) => Set(_heldBytes + bytes);

    /// <summary>Gives everything back.</summary>
    public void Release() => Set(0);
}
