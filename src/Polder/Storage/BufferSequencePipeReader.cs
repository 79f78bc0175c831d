using System;
using System.IO.Pipelines;
using System.Threading;
using System.Threading.Tasks;
using Polder.Bytes;

namespace Polder.Storage;

/// <summary>A pipe that holds all its bytes already, and drops them when it is completed.</summary>
internal sealed class BufferSequencePipeReader : PipeReader
{
    private readonly BufferSequence _sequence;
    private readonly PipeReader _reader;

    public BufferSequencePipeReader(BufferSequence sequence)
    {
        _sequence = sequence;
        _reader = Create(sequence.AsReadOnlySequence());
    }

    public override void AdvanceTo(SequencePosition consumed) => _reader.AdvanceTo(consumed);

    public override void AdvanceTo(SequencePosition consumed, SequencePosition examined) =>
        _reader.AdvanceTo(consumed, examined);

    public override void CancelPendingRead() => _reader.CancelPendingRead();

    public override void Complete(Exception? exception = null)
    {
        _reader.Complete(exception);
        _sequence.Dispose();
    }

    public override ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default) =>
        _reader.ReadAsync(cancellationToken);

    public override bool TryRead(out ReadResult result) => _reader.TryRead(out result);
}
