using System.Collections.Generic;

namespace Polder.Delta.Actions;

/// <summary>PROTOCOL "Protocol Evolution": what a client must honour to read or write the table.</summary>
/// <param name="ReaderVersion">minReaderVersion.</param>
/// <param name="WriterVersion">minWriterVersion.</param>
/// <param name="ReaderFeatures">Present only with reader version 3.</param>
/// <param name="WriterFeatures">Present only with writer version 7.</param>
public sealed record TableProtocol(
    int ReaderVersion,
    int WriterVersion,
    IReadOnlyList<string>? ReaderFeatures,
    IReadOnlyList<string>? WriterFeatures) : DeltaAction;
