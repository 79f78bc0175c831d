using System.Collections.Generic;
using System.Linq;
using Apache.Arrow;
using Polder.Columns;
using Polder.Parquet.Format;

namespace Polder.Parquet;

/// <summary>
/// The schema of a file: the tree as written (<see cref="Root"/>), its leaves in chunk order, and the fields as a
/// reader sees them. Immutable.
/// </summary>
public sealed class ParquetSchema
{
    internal ParquetSchema(
        IReadOnlyList<SchemaElement> elements, SchemaNode root, IReadOnlyList<ParquetLeaf> leaves)
    {
        Elements = elements;
        Root = root;
        Leaves = leaves;
        Fields = [.. root.Children.Select(FieldBuilder.FromNode)];
    }

    /// <summary>The tree as it stands in the footer.</summary>
    public SchemaNode Root { get; }

    /// <summary>The leaves, in the order of chunks in a row group.</summary>
    public IReadOnlyList<ParquetLeaf> Leaves { get; }

    /// <summary>The columns as a reader sees them.</summary>
    public IReadOnlyList<ParquetField> Fields { get; }

    /// <summary>The flat list the schema was read from, or is written as.</summary>
    internal IReadOnlyList<SchemaElement> Elements { get; }

    /// <summary>The schema that Spark writes for a struct; field ids are taken from the fields' metadata.</summary>
    /// <exception cref="UnsupportedFeatureException">A type no file can hold, or an empty struct.</exception>
    public static ParquetSchema FromDataType(DataType structType) =>
        SchemaTree.Build(SchemaMapping.ToElements(structType), Limits.Default);

    /// <summary>The columns as one struct.</summary>
    /// <exception cref="UnsupportedFeatureException">A column's type has no counterpart.</exception>
    public DataType ToDataType() =>
        DataType.Struct([.. Fields.Select(FieldBuilder.ToStructField)]);

    /// <summary>The columns as an Arrow schema in the forms that <see cref="ArrowTypes"/> gives.</summary>
    /// <exception cref="UnsupportedFeatureException">A column's type has no counterpart.</exception>
    public Schema ToArrow() => ArrowTypes.ToSchema(ToDataType());
}
