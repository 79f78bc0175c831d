using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Polder.Columns;
using Polder.Delta.Actions;
using Polder.Delta.Log;

namespace Polder.Delta.Protocol;

/// <summary>
/// Decides whether Polder may read or write a table, before it does. A feature it does not honour is refused by name;
/// one that is only supported and not in use stands in nobody's way. PROTOCOL "Table Features".
/// </summary>
internal static class FeatureGate
{
    private const int NewestReaderVersion = 3;
    private const int NewestWriterVersion = 7;

    /// <summary>Throws unless the table's files and log can be understood.</summary>
    /// <exception cref="UnsupportedFeatureException">A version or reader feature that Polder lacks.</exception>
    /// <exception cref="CorruptLogException">The protocol contradicts itself.</exception>
    public static void CheckRead(TableProtocol protocol, TableMetadata metadata, string location)
    {
        CheckVersion("minReaderVersion", protocol.ReaderVersion, NewestReaderVersion, location);
        if (protocol.WriterVersion < 1)
        {
            CheckVersion("minWriterVersion", protocol.WriterVersion, NewestWriterVersion, location);
        }

        CheckConsistency(protocol, location);
        foreach (string feature in protocol.ReaderFeatures ?? [])
        {
            if (!TableFeature.Readable.Contains(feature))
            {
                throw new UnsupportedFeatureException(
                    $"table feature {feature}", $"readers of {location} must honour it");
            }
        }

        if (!metadata.FormatProvider.Equals("parquet", StringComparison.OrdinalIgnoreCase))
        {
            throw new UnsupportedFeatureException(
                $"file format {metadata.FormatProvider}", $"the data files of {location} are not Parquet");
        }
    }

    /// <summary>Throws unless Polder may add to (and remove from) the table without breaking its rules.</summary>
    /// <exception cref="UnsupportedFeatureException">A version or writer feature that Polder lacks.</exception>
    public static void CheckWrite(TableProtocol protocol, TableMetadata metadata, DataType schema, string location)
    {
        CheckRead(protocol, metadata, location);
        CheckVersion("minWriterVersion", protocol.WriterVersion, NewestWriterVersion, location);
        foreach (string feature in protocol.WriterFeatures ?? [])
        {
            if (!TableFeature.Writable.Contains(feature))
            {
                throw new UnsupportedFeatureException(
                    $"table feature {feature}", $"writers to {location} must honour it");
            }
        }

        if (FindActive(protocol, metadata, schema) is string active)
        {
            throw new UnsupportedFeatureException(active, $"{location} has it in use, so nothing was written to it");
        }
    }

    /// <summary>Whether deletion vectors of the table's files count; without the feature they do not.</summary>
    public static bool HasDeletionVectors(TableProtocol protocol) =>
        TableFeature.IsSupported(protocol, TableFeature.DeletionVectors);

    /// <summary>PROTOCOL "Column Mapping": the mode counts only where the protocol has the feature.</summary>
    public static string ColumnMappingMode(TableProtocol protocol, TableMetadata metadata) =>
        protocol.ReaderVersion == 2 || TableFeature.IsSupported(protocol, TableFeature.ColumnMapping)
            ? new TableProperties(metadata.Configuration).ColumnMappingMode
            : "none";

    private static void CheckVersion(string name, int version, int newest, string location)
    {
        if (version < 1 || version > newest)
        {
            throw new UnsupportedFeatureException(
                string.Create(CultureInfo.InvariantCulture, $"{name} {version}"),
                string.Create(CultureInfo.InvariantCulture, $"{location} asks for it; 1 to {newest} are known"));
        }
    }

    private static void CheckConsistency(TableProtocol protocol, string location)
    {
        string? contradiction = protocol switch
        {
            { ReaderVersion: 3, ReaderFeatures: null } => "reader version 3 without readerFeatures",
            { WriterVersion: 7, WriterFeatures: null } => "writer version 7 without writerFeatures",
            { ReaderVersion: 3, WriterVersion: < 7 } => "reader version 3 with a writer version below 7",
            { ReaderVersion: < 3, ReaderFeatures.Count: > 0 } => "readerFeatures with a reader version below 3",
            { WriterVersion: < 7, WriterFeatures.Count: > 0 } => "writerFeatures with a writer version below 7",
            _ => null,
        };
        if (contradiction is not null)
        {
            throw new CorruptLogException($"the protocol has {contradiction}", $"{location}/{LogPath.Folder}");
        }
    }

    /// <summary>The first feature in use that Polder's writer does not honour, or null.</summary>
    private static string? FindActive(TableProtocol protocol, TableMetadata metadata, DataType schema)
    {
        TableProperties properties = new(metadata.Configuration);
        List<StructField> fields = [.. AllFields(schema)];
        bool Has(string key) => fields.Any(field => field.Metadata.ContainsKey(key));
        (string Feature, bool InUse)[] checks =
        [
            (TableFeature.CheckConstraints, metadata.Configuration.Keys.Any(
                key => key.StartsWith("delta.constraints.", StringComparison.OrdinalIgnoreCase))),
            (TableFeature.Invariants, Has("delta.invariants")),
            (TableFeature.GeneratedColumns, Has("delta.generationExpression")),
            (TableFeature.IdentityColumns, Has("delta.identity.start")),
            (TableFeature.AllowColumnDefaults, Has("CURRENT_DEFAULT")),
            (TableFeature.ChangeDataFeed, properties.ChangeDataFeed),
            (TableFeature.ColumnMapping, ColumnMappingMode(protocol, metadata) != "none"),
            (TableFeature.RowTracking, properties.RowTracking),
            (TableFeature.InCommitTimestamp, properties.InCommitTimestamps),
            (TableFeature.IcebergCompatV1, properties.IsTrue("delta.enableIcebergCompatV1")),
            (TableFeature.IcebergCompatV2, properties.IsTrue("delta.enableIcebergCompatV2")),
            ("char and varchar", Has(SchemaJson.CharVarcharKey)),
        ];
        return checks.FirstOrDefault(check => check.InUse).Feature;
    }

    /// <summary>The fields of a struct and of every struct inside it.</summary>
    internal static IEnumerable<StructField> AllFields(DataType type) => type.Kind switch
    {
        TypeKind.Struct => type.Fields.SelectMany(field => AllFields(field.Type).Prepend(field)),
        TypeKind.Array => AllFields(type.Element!),
        TypeKind.Map => AllFields(type.Key!).Concat(AllFields(type.Element!)),
        _ => [],
    };

    /// <summary>The features that a schema's types ask for.</summary>
    internal static IReadOnlyList<string> FindTypeFeatures(DataType schema)
    {
        (TypeKind Kind, string Feature)[] features =
            [(TypeKind.TimestampNtz, TableFeature.TimestampNtz), (TypeKind.Variant, TableFeature.VariantType)];
        return [.. features.Where(item => Uses(schema, item.Kind)).Select(item => item.Feature)];
    }

    /// <summary>Whether a type is of that kind or has one inside.</summary>
    internal static bool Uses(DataType type, TypeKind kind) =>
        type.Kind == kind || type.Fields.Any(field => Uses(field.Type, kind)) ||
        (type.Element is not null && Uses(type.Element, kind)) || (type.Key is not null && Uses(type.Key, kind));
}
