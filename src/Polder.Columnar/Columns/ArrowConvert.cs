using System;
using System.Linq;
using Apache.Arrow;
using Apache.Arrow.Types;
using Polder.Columns.Kernels;

namespace Polder.Columns;

/// <summary>Brings foreign Arrow arrays into the form that <see cref="ArrowTypes.ToArrow"/> gives their type.</summary>
public static class ArrowConvert
{
    /// <summary>The same values in canonical form; the same array where it has that form already.</summary>
    /// <exception cref="UnsupportedFeatureException">A type without a Spark counterpart.</exception>
    /// <exception cref="OverflowException">A value does not fit, as a timestamp in seconds far from now.</exception>
    public static IArrowArray ToCanonical(IArrowArray array)
    {
        IArrowArray storage = array is ExtensionArray extension ? extension.Storage : array;
        IArrowType target = ArrowTypes.ToArrow(ArrowTypes.FromArrow(storage.Data.DataType));
        return AreSame(storage.Data.DataType, target)
            ? storage
            : ArrowArrayFactory.BuildArray(Convert(storage.Data, target));
    }

    /// <summary>The batch with every column in canonical form.</summary>
    public static RecordBatch ToCanonical(RecordBatch batch) => new(
        ArrowTypes.ToSchema(ArrowTypes.FromSchema(batch.Schema)), batch.Arrays.Select(ToCanonical), batch.Length);

    /// <summary>Whether two types hold the same values in the same way, field names and nullability included.</summary>
    internal static bool AreSame(IArrowType left, IArrowType right) => (left, right) switch
    {
        _ when left.TypeId != right.TypeId => false,
        (TimestampType a, TimestampType b) => a.Unit == b.Unit && (a.Timezone ?? "") == (b.Timezone ?? ""),
        (TimeBasedType a, TimeBasedType b) => a.Unit == b.Unit,
        (IntervalType a, IntervalType b) => a.Unit == b.Unit,
        (Decimal128Type a, Decimal128Type b) => a.Precision == b.Precision && a.Scale == b.Scale,
        (Decimal256Type a, Decimal256Type b) => a.Precision == b.Precision && a.Scale == b.Scale,
        (MapType a, MapType b) => AreSame(a.KeyField, b.KeyField) && AreSame(a.ValueField, b.ValueField),
        (NestedType a, NestedType b) => a.Fields.Count == b.Fields.Count && a.Fields.Zip(b.Fields, AreSame).All(x => x),
        _ => true,
    };

    internal static ArrayData Convert(ArrayData data, IArrowType target)
    {
        if (data.DataType is ExtensionType extension)
        {
            return Convert(Relabel(data, extension.StorageType, data.Children), target);
        }

        if (AreSame(data.DataType, target))
        {
            return data;
        }

        return data.DataType switch
        {
            DictionaryType => FromDictionary(data, target),
            RunEndEncodedType => ArrowConvertLists.FromRuns(data, target),
            ListType => Relabel(data, target, [Convert(data.Children[0], ElementOf(target))]),
            MapType => Relabel(data, target, [Convert(data.Children[0], ((MapType)target).KeyValueType)]),
            StructType => Relabel(data, target, ConvertFields(data, (StructType)target)),
            LargeListType or FixedSizeListType or ListViewType or LargeListViewType =>
                ArrowConvertLists.ToList(data, (ListType)target),
            StringViewType or BinaryViewType => ArrowConvertBytes.FromViews(data, target),
            LargeStringType or LargeBinaryType => ArrowConvertBytes.FromLarge(data, target),
            _ => ArrowConvertFixed.Convert(data, target),
        };
    }

    internal static IArrowType ElementOf(IArrowType listType) => ((ListType)listType).ValueDataType;

    /// <summary>The same buffers under another type.</summary>
    internal static ArrayData Relabel(ArrayData data, IArrowType type, ArrayData[]? children) =>
        new(type, data.Length, data.NullCount, data.Offset, data.Buffers, children, null);

    private static bool AreSame(Field left, Field right) =>
        left.IsNullable == right.IsNullable && string.Equals(left.Name, right.Name, StringComparison.Ordinal) &&
        AreSame(left.DataType, right.DataType);

    private static ArrayData[] ConvertFields(ArrayData data, StructType target)
    {
        ArrayData[] children = new ArrayData[data.Children.Length];
        for (int fieldIndex = 0; fieldIndex < children.Length; fieldIndex++)
        {
            children[fieldIndex] = Convert(data.Children[fieldIndex], target.Fields[fieldIndex].DataType);
        }

        return children;
    }

    private static ArrayData FromDictionary(ArrayData data, IArrowType target)
    {
        int[] rows = new int[data.Length];
        ReadIndexes(data, rows);
        return Take.Rows(Convert(data.Dictionary, target), rows);
    }

    /// <summary>The positions of a dictionary array's rows, -1 where null.</summary>
    /// <exception cref="OverflowException">A position does not fit 32 bits.</exception>
    internal static void ReadIndexes(ArrayData data, Span<int> rows)
    {
        switch (((DictionaryType)data.DataType).IndexType)
        {
            case Int8Type:
                ReadIndexes<sbyte>(data, rows);
                break;
            case UInt8Type:
                ReadIndexes<byte>(data, rows);
                break;
            case Int16Type:
                ReadIndexes<short>(data, rows);
                break;
            case UInt16Type:
                ReadIndexes<ushort>(data, rows);
                break;
            case Int32Type:
                ReadIndexes<int>(data, rows);
                break;
            case UInt32Type:
                ReadIndexes<uint>(data, rows);
                break;
            case Int64Type:
                ReadIndexes<long>(data, rows);
                break;
            default:
                ReadIndexes<ulong>(data, rows);
                break;
        }
    }

    private static void ReadIndexes<T>(ArrayData data, Span<int> rows)
        where T : unmanaged, System.Numerics.IBinaryInteger<T>
    {
        Validity validity = Validity.Of(data);
        ReadOnlySpan<T> indexes = ArrayBuffers.Values<T>(data);
        for (int row = 0; row < rows.Length; row++)
        {
            rows[row] = validity.IsValid(row) ? int.CreateChecked(indexes[row]) : -1;
        }
    }
}
