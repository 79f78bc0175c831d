using System;
using Polder.Columns.Variant;

namespace Polder.Expressions.Evaluation.Variants;

/// <summary>A value in a column of variants: a row's whole value, a part of one, or none.</summary>
internal readonly record struct VariantPlace(int Row, int Start)
{
    /// <summary>No value.</summary>
    public static VariantPlace None { get; } = new(-1, 0);

    /// <summary>Whether there is no value.</summary>
    public bool IsNone => Row < 0;

    /// <summary>The whole value of a row.</summary>
    public static VariantPlace Whole(int row) => new(row, 0);

    /// <summary>The value.</summary>
    public VariantValue In(VariantColumn column)
    {
        VariantValue whole = column[Row];
        return Start == 0 ? whole : new VariantValue(whole.Metadata, whole.Value[Start..]);
    }

    /// <summary>The place of a part of the value here.</summary>
    /// <param name="value">The value here.</param>
    /// <param name="part">Its part.</param>
    /// <param name="bytesLeft">Bytes that parts may have altogether; those of this one are taken off.</param>
    /// <exception cref="CorruptFileException">The part lies on others.</exception>
    public VariantPlace Part(VariantValue value, VariantValue part, ref long bytesLeft)
    {
        bytesLeft -= part.Value.Length;
        if (bytesLeft < 0)
        {
            throw new CorruptFileException("parts of a variant overlap");
        }

        bool isInside = value.Value.Overlaps(part.Value, out int offset);
        Invariant.Holds(isInside, "a part of a variant lies outside of it");
        return new VariantPlace(Row, Start + offset);
    }
}
