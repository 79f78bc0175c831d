using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Polder.Columns;
using Polder.Delta.Actions;
using Polder.Delta.Protocol;

namespace Polder.Delta.Write;

/// <summary>The protocol and metadata of a new table, and of one whose schema changes.</summary>
internal static class TableCreation
{
    // What Polder's writer honours, or what is only for others to act upon.
    private static readonly HashSet<string> KnownProperties = new(StringComparer.OrdinalIgnoreCase)
    {
        "delta.appendOnly", "delta.checkpointInterval", "delta.dataSkippingNumIndexedCols",
        "delta.dataSkippingStatsColumns", "delta.deletedFileRetentionDuration", "delta.logRetentionDuration",
        "delta.enableExpiredLogCleanup", "delta.parquet.compression.codec", "delta.setTransactionRetentionDuration",
        "delta.isolationLevel", "delta.targetFileSize", "delta.autoOptimize.autoCompact",
        "delta.autoOptimize.optimizeWrite", "delta.checkpointRetentionDuration",
    };

    /// <exception cref="ArgumentException">A name is there twice, or a partition column cannot be one.</exception>
    /// <exception cref="UnsupportedFeatureException">A type or property that Polder does not write.</exception>
    public static (TableProtocol Protocol, TableMetadata Metadata) Plan(
        Engine engine, DataType schema, TableOptions options)
    {
        CheckProperties(options.Properties);
        List<PartitionTransform> transforms =
            [.. options.PartitionBy.Select(PartitionTransform.TryParse).OfType<PartitionTransform>()];
        DataType complete = AddDerived(schema, transforms);
        IReadOnlyList<string> partitions =
            [.. options.PartitionBy.Select(text => PartitionTransform.TryParse(text)?.Column ?? text)];
        partitions = CheckPartitions(complete, partitions);
        Dictionary<string, string?> configuration =
            options.Properties.ToDictionary(pair => pair.Key, pair => (string?)pair.Value);
        foreach (PartitionTransform transform in transforms)
        {
            configuration[transform.Property.Key] = transform.Property.Value;
        }

        return (ChooseProtocol(complete), new TableMetadata
        {
            Id = engine.NextId().ToString("D", CultureInfo.InvariantCulture),
            Name = options.Name,
            Description = options.Description,
            SchemaString = SchemaJson.Format(complete),
            PartitionColumns = partitions,
            Configuration = configuration,
            CreatedTime = engine.Time.GetUtcNow().ToUnixTimeMilliseconds(),
        });
    }

    /// <summary>
    /// PROTOCOL "Writer Version Requirements": (1, 2) for most tables; timestamp_ntz and variant are table features,
    /// and a list of features names what the versions below imply.
    /// </summary>
    public static TableProtocol ChooseProtocol(DataType schema)
    {
        IReadOnlyList<string> features = FeatureGate.FindTypeFeatures(schema);
        return features.Count == 0
            ? new TableProtocol(1, 2, null, null)
            : new TableProtocol(3, 7, features, [TableFeature.AppendOnly, TableFeature.Invariants, .. features]);
    }

    /// <summary>Throws where two columns have one name, or a type cannot be stored.</summary>
    public static void CheckSchema(DataType schema)
    {
        if (schema.Kind != TypeKind.Struct || schema.Fields.Count == 0)
        {
            throw new ArgumentException("a table needs at least one column");
        }

        CheckNames(schema, "");
        if (FeatureGate.Uses(schema, TypeKind.WideDecimal))
        {
            throw new UnsupportedFeatureException("writing decimals of more than 38 digits", "cast them to double");
        }

        if (FeatureGate.Uses(schema, TypeKind.Void))
        {
            throw new UnsupportedFeatureException("writing void columns", "give the column another type");
        }
    }

    private static void CheckNames(DataType type, string path)
    {
        HashSet<string> names = new(StringComparer.OrdinalIgnoreCase);
        foreach (StructField field in type.Fields)
        {
            if (!names.Add(field.Name))
            {
                throw new ArgumentException(
                    $"two columns are called {path}{field.Name}; names must differ in more than case");
            }

            CheckNames(field.Type, $"{path}{field.Name}.");
        }
    }

    private static void CheckProperties(IReadOnlyDictionary<string, string> properties)
    {
        foreach ((string key, string value) in properties)
        {
            if (key.StartsWith("delta.", StringComparison.OrdinalIgnoreCase) && !KnownProperties.Contains(key))
            {
                throw new UnsupportedFeatureException($"the table property {key}", "a table cannot be created with it");
            }

            if (key.Equals("delta.isolationLevel", StringComparison.OrdinalIgnoreCase) && value != "Serializable")
            {
                throw new UnsupportedFeatureException($"the isolation level {value}", "new tables are Serializable");
            }
        }
    }

    private static DataType AddDerived(DataType schema, List<PartitionTransform> transforms)
    {
        CheckSchema(schema);
        List<StructField> fields = [.. schema.Fields];
        foreach (PartitionTransform transform in transforms)
        {
            transform.Check(schema);
            if (schema.IndexOf(transform.Column) < 0)
            {
                fields.Add(new StructField(transform.Column, DataType.Integer));
            }
        }

        return DataType.Struct(fields);
    }

    private static List<string> CheckPartitions(DataType schema, IReadOnlyList<string> partitions)
    {
        List<string> names = [];
        foreach (string partition in partitions)
        {
            int index = schema.IndexOf(partition);
            if (index < 0)
            {
                throw new ArgumentException(
                    $"there is no column {partition} to partition by; the columns are " +
                    string.Join(", ", schema.Fields.Select(field => field.Name)));
            }

            StructField field = schema.Fields[index];
            if (field.Type.IsNested || field.Type.Kind is TypeKind.Binary or TypeKind.Variant)
            {
                throw new UnsupportedFeatureException(
                    $"partitioning by {field.Type}", $"column {field.Name} has no values that a path can spell");
            }

            names.Add(field.Name);
        }

        return names.Distinct(StringComparer.OrdinalIgnoreCase).Count() != names.Count
            ? throw new ArgumentException("a partition column is named twice")
            : names.Count == schema.Fields.Count
                ? throw new ArgumentException("a table needs a column that it is not partitioned by")
                : names;
    }
}
