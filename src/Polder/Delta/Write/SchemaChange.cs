using System;
using System.Collections.Generic;
using System.Linq;
using Polder.Columns;
using Polder.Delta.Actions;
using Polder.Delta.Protocol;

namespace Polder.Delta.Write;

/// <summary>A schema that a write changes, and what has to be committed for it.</summary>
internal sealed record SchemaChange(DataType Schema, TableMetadata Metadata, TableProtocol? Protocol)
{
    /// <summary>The change that writing rows of a schema asks for, or null where the table's schema stays.</summary>
    public static SchemaChange? Plan(Snapshot snapshot, DataType given, SchemaMode mode, bool replacesAll)
    {
        switch (mode)
        {
            case SchemaMode.Strict:
                return null;
            case SchemaMode.Merge:
                return Create(snapshot, DataType.Struct(Merge(snapshot.Schema.Fields, given.Fields)));
            default:
                if (!replacesAll)
                {
                    throw new ArgumentException("only an overwrite may replace the table's schema");
                }

                return Create(snapshot, Replace(snapshot, given));
        }
    }

    private static SchemaChange? Create(Snapshot snapshot, DataType schema)
    {
        if (schema.Equals(snapshot.Schema))
        {
            return null;
        }

        TableCreation.CheckSchema(schema);
        foreach (string partition in snapshot.PartitionColumns)
        {
            if (schema.IndexOf(partition) < 0)
            {
                throw new SchemaMismatchException(
                    snapshot.Locator.Store.Root, [$"the partition column {partition} is missing"]);
            }
        }

        string? missing = FeatureGate.FindTypeFeatures(schema).FirstOrDefault(feature =>
            !TableFeature.IsSupported(snapshot.Protocol, feature) &&
            !TableFeature.IsSupported(snapshot.Protocol, $"{feature}-preview"));
        return missing is not null
            ? throw new UnsupportedFeatureException(
                missing, "the table was created without it, and adding it comes with ALTER TABLE")
            : new SchemaChange(
                schema, snapshot.State.Metadata with { SchemaString = SchemaJson.Format(schema) }, null);
    }

    /// <summary>New columns go to the end, new fields to the end of their struct; all of them may be null.</summary>
    private static List<StructField> Merge(IReadOnlyList<StructField> table, IReadOnlyList<StructField> given)
    {
        List<StructField> merged = [];
        foreach (StructField field in table)
        {
            StructField? other = given.FirstOrDefault(
                item => item.Name.Equals(field.Name, StringComparison.OrdinalIgnoreCase));
            merged.Add(other?.Type.Kind == TypeKind.Struct && field.Type.Kind == TypeKind.Struct
                ? new StructField(
                    field.Name,
                    DataType.Struct(Merge(field.Type.Fields, other.Type.Fields)),
                    field.Nullable,
                    field.Metadata)
                : field);
        }

        merged.AddRange(given
            .Where(field => !table.Any(item => item.Name.Equals(field.Name, StringComparison.OrdinalIgnoreCase)))
            .Select(field => new StructField(field.Name, field.Type)));
        return merged;
    }

    /// <summary>The given columns, and derived partition columns that they do not have themselves.</summary>
    private static DataType Replace(Snapshot snapshot, DataType given)
    {
        List<StructField> fields = [.. given.Fields];
        foreach (PartitionTransform transform in PartitionTransform.FindAll(snapshot.Configuration))
        {
            if (given.IndexOf(transform.Column) < 0)
            {
                transform.Check(given);
                fields.Add(new StructField(transform.Column, DataType.Integer));
            }
        }

        return DataType.Struct(fields);
    }
}
