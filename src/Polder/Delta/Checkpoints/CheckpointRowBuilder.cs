using System.Collections.Generic;
using System.Linq;
using Apache.Arrow;
using Polder.Columns;
using Polder.Delta.Actions;

namespace Polder.Delta.Checkpoints;

/// <summary>Encodes actions as rows of a checkpoint.</summary>
internal sealed class CheckpointRowBuilder
{
    private readonly List<ColumnBuilder> _columns =
        [.. CheckpointSchema.Type.Fields.Select(field => ColumnBuilder.Create(field.Type))];

    private readonly Schema _schema = ArrowTypes.ToSchema(CheckpointSchema.Type);

    public int RowCount => _columns[0].Length;

    public void Append(DeltaAction action)
    {
        (string name, object?[] values) = Encode(action);
        for (int index = 0; index < _columns.Count; index++)
        {
            _columns[index].AppendValue(CheckpointSchema.Type.Fields[index].Name == name ? values : null);
        }
    }

    /// <summary>The rows; the builder starts anew.</summary>
    public RecordBatch Build()
    {
        int rowCount = RowCount;
        return new RecordBatch(_schema, _columns.Select(column => column.Build()).ToList(), rowCount);
    }

    private static (string Name, object?[] Values) Encode(DeltaAction action) => action switch
    {
        SetTransaction item => ("txn", [item.ApplicationId, item.Version, item.LastUpdated]),
        AddFile item => (
            "add",
            [
                item.Path, Pairs(item.PartitionValues), item.SizeBytes, item.ModificationTime, false, Pairs(item.Tags),
                Vector(item.DeletionVector), item.BaseRowId, item.DefaultRowCommitVersion, item.ClusteringProvider,
                item.Stats,
            ]),
        RemoveFile item => (
            "remove",
            [
                item.Path, item.DeletionTimestamp, false, item.ExtendedFileMetadata, Pairs(item.PartitionValues),
                item.SizeBytes, Vector(item.DeletionVector), item.BaseRowId, item.DefaultRowCommitVersion,
            ]),
        TableMetadata item => (
            "metaData",
            [
                item.Id, item.Name, item.Description,
                new object?[] { item.FormatProvider, Pairs(item.FormatOptions) }, item.SchemaString,
                Items(item.PartitionColumns), Pairs(item.Configuration), item.CreatedTime,
            ]),
        TableProtocol item => (
            "protocol",
            [item.ReaderVersion, item.WriterVersion, Items(item.ReaderFeatures), Items(item.WriterFeatures)]),
        DomainMetadata item => ("domainMetadata", [item.Domain, item.Configuration, false]),
        _ => throw new System.Diagnostics.UnreachableException($"{action.GetType().Name} in a checkpoint"),
    };

    private static object?[]? Vector(DeletionVectorDescriptor? vector) => vector is null
        ? null
        : [vector.StorageType, vector.PathOrInline, vector.Offset, vector.SizeBytes, vector.Cardinality];

    private static (object?, object?)[]? Pairs(IReadOnlyDictionary<string, string?>? map) =>
        map?.Select(pair => ((object?)pair.Key, (object?)pair.Value)).ToArray();

    private static object?[]? Items(IReadOnlyList<string>? texts) => texts?.ToArray<object?>();
}
