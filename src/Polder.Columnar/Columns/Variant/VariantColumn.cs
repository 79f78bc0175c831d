using System;
using Apache.Arrow;

namespace Polder.Columns.Variant;

/// <summary>A column of variants, read where it lies. Borrowed: valid while the array is.</summary>
/// <example><code>
/// VariantColumn column = VariantColumn.Of(batch.Column("payload"));
/// for (int row = 0; row &lt; column.Length; row++)
/// {
///     if (!column.IsNull(row) &amp;&amp; column[row].TryGetField("id"u8, out VariantValue id)) { … }
/// }
/// </code></example>
public readonly ref struct VariantColumn
{
    private readonly ReadOnlySpan<int> _metadataOffsets;
    private readonly ReadOnlySpan<int> _valueOffsets;
    private readonly ReadOnlySpan<byte> _metadata;
    private readonly ReadOnlySpan<byte> _values;
    private readonly Validity _validity;

    private VariantColumn(ArrayData data)
    {
        ArrayData metadata = ArrayBuffers.StructField(data, 0);
        ArrayData values = ArrayBuffers.StructField(data, 1);
        _validity = Validity.Of(data);
        _metadataOffsets = ArrayBuffers.Offsets(metadata);
        _valueOffsets = ArrayBuffers.Offsets(values);
        _metadata = metadata.Buffers[2].Span;
        _values = values.Buffers[2].Span;
    }

    /// <summary>Rows.</summary>
    public int Length => _validity.Length;

    /// <summary>The value of a row that is not null.</summary>
    /// <exception cref="CorruptFileException">Its bytes are no variant; those of a null row are none.</exception>
    public VariantValue this[int row] => new(
        _metadata[_metadataOffsets[row].._metadataOffsets[row + 1]],
        _values[_valueOffsets[row].._valueOffsets[row + 1]]);

    /// <summary>The variants of an array as <see cref="ArrowTypes"/> holds them.</summary>
    /// <exception cref="ArgumentException">The array is no column of variants.</exception>
    public static VariantColumn Of(IArrowArray array) => array is StructArray { Fields: [BinaryArray, BinaryArray] }
        ? Of(array.Data)
        : throw new ArgumentException("a column of variants is a struct of two binaries", nameof(array));

    /// <summary>Whether a row is null: an SQL null, not the variant null.</summary>
    public bool IsNull(int row) => _validity.IsNull(row);

    internal static VariantColumn Of(ArrayData data) => new(data);
}
