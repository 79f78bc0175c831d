using System;
using System.Collections.Generic;
using Apache.Arrow;
using Apache.Arrow.Types;
using Polder.Bytes;

namespace Polder.Columns.Kernels;

/// <summary>
/// Hashes of rows for tables in memory: equal rows have equal hashes, whatever offset or dictionary holds them. Null
/// equals null, NaN equals NaN, -0.0 equals 0.0. Never stored: the function may change from version to version.
/// </summary>
public static class RowHash
{
    private const ulong Start = 0x8CB92BA72F3D8DD7;
    private const ulong NullHash = 0xA0761D6478BD642F;

    /// <summary>Writes the hash of each row over some columns.</summary>
    /// <param name="columns">Columns in canonical form, or dictionaries or views of such.</param>
    /// <param name="hashes">One per row.</param>
    /// <exception cref="ArgumentException">A column has another number of rows.</exception>
    public static void Compute(IReadOnlyList<IArrowArray> columns, Span<ulong> hashes)
    {
        hashes.Fill(Start);
        foreach (IArrowArray column in columns)
        {
            if (column.Length != hashes.Length)
            {
                throw new ArgumentException($"a column of {column.Length} rows among columns of {hashes.Length}");
            }

            Mix(column.Data, hashes);
        }
    }

    private static void Mix(ArrayData data, Span<ulong> hashes)
    {
        Validity validity = Validity.Of(data);
        ulong[]? before = validity.HasNulls ? hashes.ToArray() : null;
        if (validity.NullCount < data.Length)
        {
            MixValues(data, hashes);
        }

        for (int row = 0; before is not null && row < hashes.Length; row++)
        {
            hashes[row] = validity.IsNull(row) ? Hash64.Words(before[row], NullHash) : hashes[row];
        }
    }

    private static void MixValues(ArrayData data, Span<ulong> hashes)
    {
        switch (ArrayBuffers.LayoutOf(data.DataType))
        {
            case ArrayLayout.Bits:
                for (int row = 0; row < hashes.Length; row++)
                {
                    bool truth = Bitmap.Get(data.Buffers[1].Span, data.Offset + row);
                    hashes[row] = Hash64.Words(hashes[row], truth ? 1UL : 0);
                }

                break;
            case ArrayLayout.Fixed:
                MixFixed(data, hashes);
                break;
            case ArrayLayout.Bytes:
                ByteStrings strings = ArrayBuffers.Strings(data);
                for (int row = 0; row < hashes.Length; row++)
                {
                    hashes[row] = Hash64.Words(hashes[row], Hash64.Bytes(strings[row]));
                }

                break;
            case ArrayLayout.List:
                MixLists(data, hashes);
                break;
            case ArrayLayout.Struct:
                for (int fieldIndex = 0; fieldIndex < data.Children.Length; fieldIndex++)
                {
                    Mix(ArrayBuffers.StructField(data, fieldIndex), hashes);
                }

                break;
            default:
                // A row that is null in the dictionary is null here, too.
                Mix(ArrowConvert.ToCanonical(ArrowArrayFactory.BuildArray(data)).Data, hashes);
                break;
        }
    }

    private static void MixFixed(ArrayData data, Span<ulong> hashes)
    {
        switch (data.DataType, ArrayBuffers.WidthOf(data.DataType))
        {
            case (FloatType, _):
                ReadOnlySpan<float> floats = ArrayBuffers.Values<float>(data);
                for (int row = 0; row < hashes.Length; row++)
                {
                    hashes[row] = Hash64.Words(
                        hashes[row], BitConverter.SingleToUInt32Bits(FloatValue.Normalise(floats[row])));
                }

                break;
            case (DoubleType, _):
                ReadOnlySpan<double> doubles = ArrayBuffers.Values<double>(data);
                for (int row = 0; row < hashes.Length; row++)
                {
                    hashes[row] = Hash64.Words(
                        hashes[row], BitConverter.DoubleToUInt64Bits(FloatValue.Normalise(doubles[row])));
                }

                break;
            case (_, 1):
                Hash64.Mix(ArrayBuffers.Values<byte>(data), hashes);
                break;
            case (_, 2):
                Hash64.Mix(ArrayBuffers.Values<short>(data), hashes);
                break;
            case (_, 4):
                Hash64.Mix(ArrayBuffers.Values<int>(data), hashes);
                break;
            case (_, 8):
                Hash64.Mix(ArrayBuffers.Values<long>(data), hashes);
                break;
            default:
                int width = ArrayBuffers.WidthOf(data.DataType);
                ReadOnlySpan<byte> items = ArrayBuffers.Items(data, width);
                for (int row = 0; row < hashes.Length; row++)
                {
                    hashes[row] = Hash64.Words(hashes[row], Hash64.Bytes(items.Slice(row * width, width)));
                }

                break;
        }
    }

    private static void MixLists(ArrayData data, Span<ulong> hashes)
    {
        ReadOnlySpan<int> offsets = ArrayBuffers.Offsets(data);
        int first = offsets[0];
        ulong[] elements = new ulong[offsets[^1] - first];
        elements.AsSpan().Fill(Start);
        Mix(data.Children[0].Slice(first, elements.Length), elements);
        for (int row = 0; row < hashes.Length; row++)
        {
            ulong hash = Hash64.Words(hashes[row], (ulong)(offsets[row + 1] - offsets[row]));
            for (int element = offsets[row]; element < offsets[row + 1]; element++)
            {
                hash = Hash64.Words(hash, elements[element - first]);
            }

            hashes[row] = hash;
        }
    }
}
