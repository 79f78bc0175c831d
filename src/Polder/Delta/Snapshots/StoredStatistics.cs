using System;
using System.Collections.Generic;
using System.Runtime.CompilerServices;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using Apache.Arrow;
using Apache.Arrow.Types;
using Polder.Columns;
using Polder.Delta.Checkpoints;
using Polder.Files;
using Polder.Storage;

namespace Polder.Delta.Snapshots;

/// <summary>
/// The statistics that a snapshot does not hold in memory: read again from the checkpoint where they lie.
/// </summary>
internal static class StoredStatistics
{
    /// <summary>The JSON of every file whose statistics are stored, by ascending file.</summary>
    /// <exception cref="CorruptFileException">The checkpoint is gone or broken.</exception>
    public static async IAsyncEnumerable<(int File, ReadOnlyMemory<byte> Json)> ReadAsync(
        Engine engine,
        IObjectStore store,
        FileTable files,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        int file = 0;
        for (int part = 0; part < files.StatisticsParts.Count; part++)
        {
            ParquetFileReader reader = await CheckpointReader
                .OpenAsync(engine, store, files.StatisticsParts[part], null, cancellationToken).ConfigureAwait(false);
            await using (reader.ConfigureAwait(false))
            {
                string? column = CheckpointReader.FindStatistics(reader.Footer.Schema);
                if (column is null)
                {
                    continue;
                }

                ParquetReadOptions options = new() { Columns = ["add." + column] };
                long position = 0;
                await foreach (RecordBatch batch in reader
                    .ReadAsync(options, cancellationToken).ConfigureAwait(false))
                {
                    ActionColumn stats = ActionColumn.Find(batch, "add")![column]!;
                    while (file < files.Count && files.GetStatisticsRow(file, part) is long row &&
                        row < position + batch.Length)
                    {
                        if (row >= position)
                        {
                            yield return (file, Get(stats, (int)(row - position)));
                        }

                        file++;
                    }

                    position += batch.Length;
                }
            }
        }
    }

    private static ReadOnlyMemory<byte> Get(ActionColumn stats, int row)
    {
        if (stats.IsNull(row))
        {
            return default;
        }

        if (stats.Array.Data.DataType is StructType)
        {
            return Encoding.UTF8.GetBytes(ParsedStatistics.Format(stats, row)!);
        }

        ReadOnlySpan<int> offsets = ColumnValues.Offsets(stats.Array);
        return stats.Array.Data.Buffers[2].Memory[offsets[row]..offsets[row + 1]];
    }
}
