using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Threading;
using System.Threading.Tasks;
using Apache.Arrow;
using Polder.Columns;

namespace Polder.Formats;

/// <summary>Reads JSON: an array of objects, or objects after each other (one a line or not).</summary>
internal sealed class JsonReader : FormatReader
{
    // A batch ends early where its texts get larger than this.
    private const int BatchBytes = 32 << 20;

    private readonly JsonRecords _records;
    private readonly List<(byte[] Record, InputPosition Position)> _sample;
    private readonly FormatReadOptions _options;
    private readonly BatchBuilder _batch;
    private readonly JsonAppender _appender;

    private JsonReader(
        JsonRecords records, List<(byte[] Record, InputPosition Position)> sample, DataType schema,
        FormatReadOptions options)
        : base(schema)
    {
        _records = records;
        _sample = sample;
        _options = options;
        _batch = new BatchBuilder(schema, options.BatchRows);
        _appender = new JsonAppender(JsonTarget.ForRows(schema, _batch), options);
    }

    public static async ValueTask<JsonReader> OpenAsync(
        Stream stream, FormatReadOptions options, CancellationToken cancellationToken)
    {
        JsonRecords records = new(stream, options);
        List<(byte[] Record, InputPosition Position)> sample = [];
        if (options.Schema is not null && options.UnknownColumns != UnknownColumns.Infer)
        {
            return new JsonReader(records, sample, options.Schema, options);
        }

        InferredType inferred = new();
        long sampleBytes = 0;
        while (sample.Count < options.InferenceRows && sampleBytes < options.InferenceBytes &&
            await records.ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            Observe(inferred, records, options);
            sample.Add((records.Current.ToArray(), records.Position));
            sampleBytes += records.Current.Length;
        }

        List<StructField> fields = [.. options.Schema?.Fields ?? []];
        DataType given = DataType.Struct([.. fields]);
        fields.AddRange(inferred.Fields.Where(field => given.IndexOf(field.Name) < 0)
            .Select(field => new StructField(field.Name, field.Type.ToType())));
        return new JsonReader(records, sample, DataType.Struct(fields), options);
    }

    public override async IAsyncEnumerable<RecordBatch> ReadAsync(
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        for (int index = 0; index < _sample.Count; index++)
        {
            Append(_sample[index].Record, _sample[index].Position);
            if (_batch.RowCount == _options.BatchRows)
            {
                yield return _batch.Build();
                cancellationToken.ThrowIfCancellationRequested();
            }
        }

        _sample.Clear();
        long textBytes = 0;
        while (await _records.ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            Append(_records.Current, _records.Position);
            textBytes += _records.Current.Length;
            if (_batch.RowCount == _options.BatchRows || textBytes > BatchBytes)
            {
                yield return _batch.Build();
                textBytes = 0;
            }
        }

        if (_batch.RowCount > 0)
        {
            yield return _batch.Build();
        }
    }

    public override ValueTask DisposeAsync() => _records.DisposeAsync();

    private static void Observe(InferredType inferred, JsonRecords records, FormatReadOptions options)
    {
        try
        {
            Utf8JsonReader reader = new(records.Current, JsonAppender.ReaderOptions(options));
            reader.Read();
            inferred.Observe(ref reader);
            reader.Read();
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            throw JsonAppender.Damaged(exception, options.Path, records.Position);
        }
    }

    private void Append(ReadOnlySpan<byte> record, InputPosition position)
    {
        _appender.AppendRow(record, _batch.RowCount, position);
        _batch.RowCount++;
    }
}
