using System;
using Apache.Arrow;
using Apache.Arrow.Types;
using Polder.Bytes;

namespace Polder.Columns;

/// <summary>How arrays of a type lay out their buffers: what the kernels switch on.</summary>
internal enum ArrayLayout
{
    /// <summary>No buffers.</summary>
    Null,

    /// <summary>One bit a row.</summary>
    Bits,

    /// <summary>A fixed number of bytes a row.</summary>
    Fixed,

    /// <summary>32-bit offsets and bytes.</summary>
    Bytes,

    /// <summary>32-bit offsets and one child.</summary>
    List,

    /// <summary>Children of the same length.</summary>
    Struct,

    /// <summary>A fixed number of bytes a row, which are a position in the dictionary.</summary>
    Dictionary,

    /// <summary>Sixteen bytes a row, a length and the bytes or where they are, and any number of buffers.</summary>
    View,
}

/// <summary>Views of an array's buffers that honour its offset.</summary>
internal static class ArrayBuffers
{
    /// <summary>The layout of a type that the kernels handle.</summary>
    /// <exception cref="UnsupportedFeatureException">A foreign type: convert it to canonical form first.</exception>
    public static ArrayLayout LayoutOf(IArrowType type) => type switch
    {
        NullType => ArrayLayout.Null,
        BooleanType => ArrayLayout.Bits,
        DictionaryType => ArrayLayout.Dictionary,
        FixedWidthType => ArrayLayout.Fixed,
        StringType or BinaryType => ArrayLayout.Bytes,
        ListType or MapType => ArrayLayout.List,
        StructType => ArrayLayout.Struct,
        StringViewType or BinaryViewType => ArrayLayout.View,
        _ => throw new UnsupportedFeatureException($"Arrow type {type.Name}", "convert the array to canonical form"),
    };

    /// <summary>Bytes of a view.</summary>
    public const int ViewBytes = 16;

    /// <summary>The longest string that a view holds itself.</summary>
    public const int MaxInlineBytes = 12;

    /// <summary>Bytes a row of a fixed-width type, of a dictionary's positions, of a view.</summary>
    public static int WidthOf(IArrowType type) => type switch
    {
        DictionaryType dictionary => ((FixedWidthType)dictionary.IndexType).BitWidth / 8,
        FixedWidthType fixedWidth => fixedWidth.BitWidth / 8,
        _ => ViewBytes,
    };

    /// <summary>The fixed-width values.</summary>
    public static ReadOnlySpan<T> Values<T>(ArrayData data)
        where T : unmanaged => ByteCast.As<T>(data.Buffers[1].Span).Slice(data.Offset, data.Length);

    /// <summary>The fixed-width values as bytes.</summary>
    public static ReadOnlySpan<byte> Items(ArrayData data, int width) =>
        data.Buffers[1].Span.Slice(data.Offset * width, data.Length * width);

    /// <summary>The offsets, one more than rows.</summary>
    public static ReadOnlySpan<int> Offsets(ArrayData data)
    {
        // An empty array may come without its single offset.
        ReadOnlySpan<int> offsets = ByteCast.As<int>(data.Buffers[1].Span);
        return offsets.IsEmpty && data.Length == 0 ? [0] : offsets.Slice(data.Offset, data.Length + 1);
    }

    /// <summary>Strings or binaries.</summary>
    public static ByteStrings Strings(ArrayData data) =>
        new(Offsets(data), data.Length == 0 ? [] : data.Buffers[2].Span);

    /// <summary>One string or binary.</summary>
    public static ReadOnlySpan<byte> BytesAt(ArrayData data, int row)
    {
        ReadOnlySpan<int> offsets = Offsets(data);
        return data.Buffers[2].Span[offsets[row]..offsets[row + 1]];
    }

    /// <summary>A child of a struct, restricted to the struct's rows.</summary>
    public static ArrayData StructField(ArrayData data, int fieldIndex)
    {
        ArrayData child = data.Children[fieldIndex];
        return data.Offset == 0 && child.Length == data.Length ? child : child.Slice(data.Offset, data.Length);
    }
}
