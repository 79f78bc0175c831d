using System;
using System.Buffers;
using System.IO;
using System.IO.Pipelines;
using System.Threading;
using System.Threading.Tasks;
using Polder.Bytes;

namespace Polder.Storage;

/// <summary>
/// Slices and builders beside streams and pipes: what <c>Polder.Bytes</c> leaves out, being synchronous.
/// </summary>
public static class BufferStreams
{
    // Less room than this is not worth a call to the stream.
    private const int SmallestRead = 4096;

    /// <summary>
    /// Reads once, straight into the builder's room, and appends what came. The block is held until the stream's own
    /// task has ended, also if the builder is disposed meanwhile.
    /// </summary>
    /// <param name="builder">Takes the bytes; not to be used otherwise until the read is done.</param>
    /// <param name="source">Where they come from.</param>
    /// <param name="maxBytes">Most bytes to read; more than 0.</param>
    /// <param name="cancellationToken">Passed to the stream.</param>
    /// <returns>Bytes read; 0 at the end of the stream.</returns>
    public static async ValueTask<int> ReadFromAsync(
        this BufferBuilder builder, Stream source, int maxBytes, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(maxBytes);
        Memory<byte> room = builder.GetMemory(int.Min(maxBytes, SmallestRead));
        BufferBlock? block = builder.RetainBlock();
        try
        {
            int count = await source
                .ReadAsync(room[..int.Min(room.Length, maxBytes)], cancellationToken).ConfigureAwait(false);
            builder.Advance(count);
            return count;
        }
        finally
        {
            block?.Release();
        }
    }

    /// <summary>Waits for bytes of a pipe, appends a copy of them and tells the pipe that they are consumed.</summary>
    /// <param name="builder">Takes the bytes.</param>
    /// <param name="source">Where they come from.</param>
    /// <param name="maxBytes">Most bytes to take; more than 0.</param>
    /// <param name="cancellationToken">Passed to the pipe.</param>
    /// <returns>Bytes taken; 0 when the pipe is completed.</returns>
    /// <exception cref="OperationCanceledException">The pipe's pending read was cancelled.</exception>
    public static async ValueTask<int> ReadFromAsync(
        this BufferBuilder builder, PipeReader source, int maxBytes, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(maxBytes);
        while (true)
        {
            ReadResult result = await source.ReadAsync(cancellationToken).ConfigureAwait(false);
            ReadOnlySequence<byte> taken = result.Buffer.Slice(0, long.Min(maxBytes, result.Buffer.Length));
            int count = (int)taken.Length;
            foreach (ReadOnlyMemory<byte> piece in taken)
            {
                builder.Write(piece.Span);
            }

            source.AdvanceTo(taken.End);
            if (count > 0 || result.IsCompleted)
            {
                return count;
            }

            if (result.IsCanceled)
            {
                throw new OperationCanceledException("The pipe's read was cancelled.");
            }
        }
    }

    /// <summary>The bytes as a readable, seekable stream, whose disposal drops the slice. Consumes the slice.</summary>
    public static Stream AsStream(this BufferSlice slice)
    {
        BufferSequence sequence = new();
        sequence.Append(slice);
        return new BufferSequenceStream(sequence);
    }

    /// <summary>The bytes as a readable, seekable stream, whose disposal drops them. Consumes the sequence.</summary>
    public static Stream AsStream(this BufferSequence sequence) => new BufferSequenceStream(sequence);

    /// <summary>The bytes as a pipe, whose completion drops them. Consumes the sequence.</summary>
    public static PipeReader AsPipeReader(this BufferSequence sequence) => new BufferSequencePipeReader(sequence);

    /// <summary>Writes all bytes to a stream, piece by piece without a copy. The sequence stays its owner's.</summary>
    public static async ValueTask WriteToAsync(
        this BufferSequence sequence, Stream target, CancellationToken cancellationToken = default)
    {
        foreach (ReadOnlyMemory<byte> piece in sequence.AsReadOnlySequence())
        {
            await target.WriteAsync(piece, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>
    /// Writes a copy of all bytes to a pipe, waiting where it is full. The sequence stays its owner's.
    /// </summary>
    /// <returns>False if the pipe's reader is done and wants no more.</returns>
    public static async ValueTask<bool> WriteToAsync(
        this BufferSequence sequence, PipeWriter target, CancellationToken cancellationToken = default)
    {
        foreach (ReadOnlyMemory<byte> piece in sequence.AsReadOnlySequence())
        {
            FlushResult result = await target.WriteAsync(piece, cancellationToken).ConfigureAwait(false);
            if (result.IsCompleted)
            {
                return false;
            }
        }

        return true;
    }
}
