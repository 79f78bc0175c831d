using System;
using System.Diagnostics;

namespace Polder.Fuzz;

/// <summary>
/// What every target promises: for any bytes a value or an error that says so, in bounded time and memory.
/// </summary>
internal static class Contract
{
    /// <summary>Bytes that may be allocated for an input, whatever its length.</summary>
    public const long AllocatedBytes = 1L << 30;

    /// <summary>Time that an input may take, on a machine that has other work too.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <summary>Throws <see cref="BrokenContractException"/> where the target breaks its promise.</summary>
    /// <returns>Whether the input was accepted; else the answer was an error.</returns>
    public static bool Check(FuzzTarget target, ReadOnlySpan<byte> input)
    {
        long allocated = GC.GetTotalAllocatedBytes();
        long started = Stopwatch.GetTimestamp();
        bool isAccepted = false;
        try
        {
            target.Run(input);
            isAccepted = true;
        }
        catch (Exception exception) when (target.IsAnswer(exception))
        {
            // An answer.
        }
        catch (Exception exception) when (exception is not BrokenContractException)
        {
            throw new BrokenContractException($"{target.Name}: {exception}", exception);
        }

        TimeSpan taken = Stopwatch.GetElapsedTime(started);
        if (taken > Patience)
        {
            throw new BrokenContractException($"{target.Name}: took {taken}");
        }

        allocated = GC.GetTotalAllocatedBytes() - allocated;
        if (allocated > AllocatedBytes)
        {
            throw new BrokenContractException($"{target.Name}: allocated {allocated:N0} bytes");
        }

        return isAccepted;
    }
}

/// <summary>A target broke its promise: a finding.</summary>
internal sealed class BrokenContractException(string message, Exception? inner = null) : Exception(message, inner);
