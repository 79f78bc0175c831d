using Polder.Columns;

namespace Polder.Delta.Checkpoints;

/// <summary>PROTOCOL "Checkpoint Schema": the columns of a classic checkpoint as Polder writes it.</summary>
internal static class CheckpointSchema
{
    private static readonly DataType Texts = DataType.Map(DataType.String, DataType.String);

    private static readonly DataType Vector = Struct(
        ("storageType", DataType.String), ("pathOrInlineDv", DataType.String), ("offset", DataType.Integer),
        ("sizeInBytes", DataType.Integer), ("cardinality", DataType.Long));

    private static readonly DataType Transaction = Struct(
        ("appId", DataType.String), ("version", DataType.Long), ("lastUpdated", DataType.Long));

    private static readonly DataType Add = Struct(
        ("path", DataType.String), ("partitionValues", Texts), ("size", DataType.Long),
        ("modificationTime", DataType.Long), ("dataChange", DataType.Boolean), ("tags", Texts),
        ("deletionVector", Vector), ("baseRowId", DataType.Long), ("defaultRowCommitVersion", DataType.Long),
        ("clusteringProvider", DataType.String), ("stats", DataType.String));

    private static readonly DataType Remove = Struct(
        ("path", DataType.String), ("deletionTimestamp", DataType.Long), ("dataChange", DataType.Boolean),
        ("extendedFileMetadata", DataType.Boolean), ("partitionValues", Texts), ("size", DataType.Long),
        ("deletionVector", Vector), ("baseRowId", DataType.Long), ("defaultRowCommitVersion", DataType.Long));

    private static readonly DataType Metadata = Struct(
        ("id", DataType.String), ("name", DataType.String), ("description", DataType.String),
        ("format", Struct(("provider", DataType.String), ("options", Texts))), ("schemaString", DataType.String),
        ("partitionColumns", DataType.Array(DataType.String)), ("configuration", Texts),
        ("createdTime", DataType.Long));

    private static readonly DataType Protocol = Struct(
        ("minReaderVersion", DataType.Integer), ("minWriterVersion", DataType.Integer),
        ("readerFeatures", DataType.Array(DataType.String)), ("writerFeatures", DataType.Array(DataType.String)));

    private static readonly DataType Domain = Struct(
        ("domain", DataType.String), ("configuration", DataType.String), ("removed", DataType.Boolean));

    /// <summary>One row is one action: every column but one is null in it.</summary>
    public static DataType Type { get; } = Struct(
        ("txn", Transaction), ("add", Add), ("remove", Remove), ("metaData", Metadata), ("protocol", Protocol),
        ("domainMetadata", Domain));

    private static DataType Struct(params (string Name, DataType Type)[] fields) =>
        DataType.Struct([.. System.Linq.Enumerable.Select(fields, field => new StructField(field.Name, field.Type))]);
}
