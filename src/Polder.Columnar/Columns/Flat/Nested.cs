using System;
using Apache.Arrow;

namespace Polder.Columns.Flat;

/// <summary>
/// Makes flat views of nested arrays. Each call checks the whole array once, in time linear in its lists.
/// </summary>
public static class Nested
{
    /// <summary>
    /// Lists, of lists, … of values with a fixed width. Dates are <see cref="int"/> days; times and timestamps
    /// <see cref="long"/> in the array's unit; decimals <see cref="Int128"/>, unscaled. Booleans, which Arrow packs as
    /// bits, are copied as a <see cref="bool"/> each.
    /// </summary>
    /// <typeparam name="T">The type of the values, exactly.</typeparam>
    /// <param name="array">A list or map array; a slice of one is fine.</param>
    /// <param name="fields">
    /// The field to follow in each struct on the way down ("key" or "value" in a map). A null struct makes its field
    /// null.
    /// </param>
    /// <exception cref="ArgumentException">The leaves are of another type, or a field is missing.</exception>
    /// <exception cref="CorruptFileException">Offsets or lengths that leave a buffer.</exception>
    /// <exception cref="UnsupportedFeatureException">
    /// Dictionaries, views, large or fixed-size lists (<see cref="ArrowConvert.ToCanonical(IArrowArray)"/> converts
    /// them); too many levels.
    /// </exception>
    public static NestedColumn<T> Of<T>(IArrowArray array, params ReadOnlySpan<string> fields)
        where T : unmanaged => new(array, NestedLayout.Of(array.Data, NestedLeaf.Values<T>(), fields));

    /// <summary>Strings, or lists of lists of … strings: the last level is the UTF-8 bytes of a string.</summary>
    /// <inheritdoc cref="Of{T}" path="/param" />
    /// <inheritdoc cref="Of{T}" path="/exception" />
    public static NestedColumn<byte> Utf8(IArrowArray array, params ReadOnlySpan<string> fields) =>
        new(array, NestedLayout.Of(array.Data, NestedLeaf.Strings, fields));

    /// <summary>Binaries, or lists of lists of … binaries: the last level is the bytes of a binary.</summary>
    /// <inheritdoc cref="Of{T}" path="/param" />
    /// <inheritdoc cref="Of{T}" path="/exception" />
    public static NestedColumn<byte> Bytes(IArrowArray array, params ReadOnlySpan<string> fields) =>
        new(array, NestedLayout.Of(array.Data, NestedLeaf.Binaries, fields));
}
