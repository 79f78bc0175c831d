using System;
using System.Collections.Generic;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Threading;
using System.Threading.Tasks;
using Apache.Arrow;

namespace Polder.Cli.Output;

/// <summary>
/// How far a load is: rows, rate and time left on one line of standard error, only where a person sees it.
/// </summary>
internal sealed class LoadProgress(Terminal terminal, TimeProvider time, Func<double?> share) : IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    private readonly long _started = time.GetTimestamp();
    private TimeSpan _lastShown;
    private bool _isShown;

    /// <summary>Rows that came by.</summary>
    public long RowCount { get; private set; }

    /// <summary>Time since the load began.</summary>
    public TimeSpan Elapsed => time.GetElapsedTime(_started);

    /// <summary>The same batches, counted.</summary>
    public async IAsyncEnumerable<RecordBatch> WatchAsync(
        IAsyncEnumerable<RecordBatch> batches, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await foreach (RecordBatch batch in batches.WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            RowCount += batch.Length;
            Show();
            yield return batch;
        }
    }

    /// <summary>Wipes the line.</summary>
    public void Dispose()
    {
        if (_isShown)
        {
            terminal.Error.Write("\r\u001b[K");
            terminal.Error.Flush();
        }
    }

    private void Show()
    {
        TimeSpan elapsed = Elapsed;
        if (!terminal.IsErrorTerminal || elapsed - _lastShown < Pause)
        {
            return;
        }

        _lastShown = elapsed;
        _isShown = true;
        double rate = RowCount / elapsed.TotalSeconds;
        string left = share() is double part and > 0.01 and <= 1
            ? string.Create(
                CultureInfo.InvariantCulture,
                $", {100 * part:F0} %, {(elapsed / part) - elapsed:m\\:ss} left")
            : "";
        terminal.Error.Write(string.Create(
            CultureInfo.InvariantCulture, $"\r{RowCount:N0} rows, {rate:N0} rows/s{left}\u001b[K"));
        terminal.Error.Flush();
    }
}
