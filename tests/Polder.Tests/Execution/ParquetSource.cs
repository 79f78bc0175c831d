using System.Collections.Generic;
using System.Linq;
using System.Runtime.CompilerServices;
using System.Threading;
using System.Threading.Tasks;
using Apache.Arrow;
using Polder.Columns;
using Polder.Execution;
using Polder.Files;
using Polder.Storage;
using Polder.Storage.Local;

namespace Polder.Tests.Execution;

/// <summary>Columns of a Parquet file, a morsel per row group.</summary>
internal sealed class ParquetSource : IBatchSource
{
    private readonly ParquetFileReader _reader;
    private readonly IReadOnlyList<string> _columns;

    private ParquetSource(ParquetFileReader reader, IReadOnlyList<string> columns)
    {
        _reader = reader;
        _columns = columns;
        DataType file = ArrowTypes.FromSchema(reader.Schema);
        Schema = DataType.Struct([.. columns.Select(column => file.Fields[file.IndexOf(column)])]);
    }

    public DataType Schema { get; }

    public long? RowCountEstimate => _reader.Footer.RowCount;

    public static async Task<ParquetSource> OpenAsync(string path, params IReadOnlyList<string> columns)
    {
        LocalStore store = new(System.IO.Path.GetDirectoryName(path)!);
        return new ParquetSource(
            await ParquetFileReader.OpenAsync(
                Engine.Default, store, new StorePath(System.IO.Path.GetFileName(path))),
            columns);
    }

    public ValueTask<IReadOnlyList<Morsel>> OpenAsync(CancellationToken cancellationToken) =>
        ValueTask.FromResult<IReadOnlyList<Morsel>>(
            [.. Enumerable.Range(0, _reader.Footer.RowGroups.Count).Select(group => new RowGroup(this, group))]);

    private sealed class RowGroup(ParquetSource source, int number) : Morsel
    {
        public override async IAsyncEnumerable<RecordBatch> ReadAsync(
            [EnumeratorCancellation] CancellationToken cancellationToken)
        {
            ParquetReadOptions options = new() { Columns = source._columns, RowGroups = [number] };
            await foreach (RecordBatch batch in source._reader.ReadAsync(options, cancellationToken))
            {
                yield return batch;
            }
        }
    }
}
