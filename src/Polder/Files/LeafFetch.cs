using System;
using System.Threading.Tasks;
using Polder.Bytes;
using Polder.Parquet.Pages;
using Polder.Parquet.Read;
using Polder.Storage;

namespace Polder.Files;

/// <summary>
/// Brings the windows of one leaf to its decoder, one of them ahead of need. Used by one task at a time.
/// </summary>
internal sealed class LeafFetch : IAsyncDisposable
{
    private readonly Func<ByteRange, Task<BufferSlice>> _read;
    private readonly LeafDecoder _decoder;
    private Task<BufferSlice>? _ahead;
    private FileRange _aheadRange;

    public LeafFetch(LeafDecoder decoder, Func<ByteRange, Task<BufferSlice>> read)
    {
        _decoder = decoder;
        _read = read;
    }

    /// <summary>Feeds what the decoder said it needs, and begins to read what it will need next.</summary>
    public async Task FetchAsync()
    {
        FileRange needed = _decoder.Needed;
        if (_ahead is not null)
        {
            Task<BufferSlice> ahead = _ahead;
            _ahead = null;
            _decoder.Feed(_aheadRange.Offset, await ahead.ConfigureAwait(false));
        }

        // What was read ahead is not what is needed where rows in between turned out not to be wanted.
        if (needed.Offset >= _aheadRange.End || needed.Offset < _aheadRange.Offset)
        {
            BufferSlice slice = await _read(new ByteRange(needed.Offset, needed.Length)).ConfigureAwait(false);
            _decoder.Feed(needed.Offset, slice);
        }

        _aheadRange = default;
        FileRange next = _decoder.NextWindow;
        if (next.Length > 0)
        {
            _aheadRange = next;
            _ahead = _read(new ByteRange(next.Offset, next.Length));
        }
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        if (_ahead is not null)
        {
            // A read that failed ahead of need has no slice to give back, and nobody waits for its error.
            await ((Task)_ahead).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (_ahead.IsCompletedSuccessfully)
            {
                (await _ahead.ConfigureAwait(false)).Dispose();
            }

            _ahead = null;
        }
    }
}
