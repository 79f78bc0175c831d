using System;
using System.Collections.Generic;
using System.Linq;
using Apache.Arrow;
using Polder.Bytes;
using Polder.Columns.Kernels;
using Polder.Columns.Values;

namespace Polder.Columns.Rows;

/// <summary>
/// Finds the column of every member, checks that it fits and brings it into the form that generated code reads.
/// </summary>
internal static class RowBinding
{
    /// <summary>Digits of the greatest number of each integral type.</summary>
    private static readonly Dictionary<TypeKind, int> DigitsOf = new()
    {
        [TypeKind.Byte] = 3, [TypeKind.Short] = 5, [TypeKind.Integer] = 10, [TypeKind.Long] = 19,
    };

    /// <summary>Binds the columns of a batch to the members of a row type.</summary>
    public static RowColumn Bind(RowShape shape, RecordBatch batch)
    {
        IReadOnlyList<string> names = [.. batch.Schema.FieldsList.Select(field => field.Name)];
        RowColumn[] columns = new RowColumn[shape.Members.Count];
        for (int index = 0; index < columns.Length; index++)
        {
            RowMember member = shape.Members[index];
            RowSite site = new(member.Column, shape.Name, member);
            int place = RowShape.IndexOf(names, member.Column);
            columns[index] = place < 0
                ? Missing(member, site, batch.Length)
                : Bind(ToCanonical(batch.Column(place)), member.Type, site);
        }

        return new RowColumn(null, shape.Type, new RowSite("", shape.Name, null), columns);
    }

    private static ArrayData ToCanonical(IArrowArray array)
    {
        IArrowArray canonical = ArrowConvert.ToCanonical(array);
        ArrayValidation.Check(canonical);
        return canonical.Data;
    }

    private static RowColumn Bind(ArrayData data, DataType wanted, RowSite site)
    {
        DataType actual = ArrowTypes.FromArrow(data.DataType);
        return (wanted.Kind, actual.Kind) switch
        {
            (_, TypeKind.Void) => Null(wanted, site, data.Length),
            (TypeKind.Array, TypeKind.Array) => BindList(data, wanted, site),
            (TypeKind.Map, TypeKind.Map) => BindMap(data, wanted, site),
            (TypeKind.Struct, TypeKind.Struct) => BindRows(data, actual, wanted, site),
            _ => BindLeaf(data, actual, wanted, site),
        };
    }

    private static RowColumn BindList(ArrayData data, DataType wanted, RowSite site)
    {
        data = WithoutHidden(data);
        RowColumn element = Bind(data.Children[0], wanted.Element!, site with { Path = site.Path + ".element" });
        return new RowColumn(data, wanted, site, element);
    }

    private static RowColumn BindMap(ArrayData data, DataType wanted, RowSite site)
    {
        data = WithoutHidden(data);
        ArrayData pairs = data.Children[0];
        RowColumn key = Bind(
            ArrayBuffers.StructField(pairs, 0), wanted.Key!, site with { Path = site.Path + ".key" });
        RowColumn value = Bind(
            ArrayBuffers.StructField(pairs, 1), wanted.Element!, site with { Path = site.Path + ".value" });
        return new RowColumn(data, wanted, site, key, value);
    }

    private static RowColumn BindRows(ArrayData data, DataType actual, DataType wanted, RowSite site)
    {
        RowShape shape = site.Member!.Rows!;
        IReadOnlyList<string> names = [.. actual.Fields.Select(field => field.Name)];
        RowColumn[] columns = new RowColumn[shape.Members.Count];
        for (int index = 0; index < columns.Length; index++)
        {
            RowMember member = shape.Members[index];
            RowSite inner = new($"{site.Path}.{member.Column}", shape.Name, member);
            int place = RowShape.IndexOf(names, member.Column);
            columns[index] = place < 0
                ? Missing(member, inner, data.Length)
                : Bind(ArrayBuffers.StructField(data, place), member.Type, inner);
        }

        return new RowColumn(data, wanted, site, columns);
    }

    private static RowColumn BindLeaf(ArrayData data, DataType actual, DataType wanted, RowSite site)
    {
        bool isText = wanted.Kind == TypeKind.String && actual.IsText;
        if (wanted.Kind == TypeKind.Decimal)
        {
            return BindDecimal(data, actual, wanted, site);
        }

        ArrayData? fitting = wanted.Kind == actual.Kind || isText ? data : (actual.Kind, wanted.Kind) switch
        {
            (TypeKind.Byte, TypeKind.Short) => Widen<sbyte, short>(data, wanted),
            (TypeKind.Byte, TypeKind.Integer) => Widen<sbyte, int>(data, wanted),
            (TypeKind.Byte, TypeKind.Long) => Widen<sbyte, long>(data, wanted),
            (TypeKind.Byte, TypeKind.Float) => Widen<sbyte, float>(data, wanted),
            (TypeKind.Byte, TypeKind.Double) => Widen<sbyte, double>(data, wanted),
            (TypeKind.Short, TypeKind.Integer) => Widen<short, int>(data, wanted),
            (TypeKind.Short, TypeKind.Long) => Widen<short, long>(data, wanted),
            (TypeKind.Short, TypeKind.Float) => Widen<short, float>(data, wanted),
            (TypeKind.Short, TypeKind.Double) => Widen<short, double>(data, wanted),
            (TypeKind.Integer, TypeKind.Long) => Widen<int, long>(data, wanted),
            (TypeKind.Integer, TypeKind.Double) => Widen<int, double>(data, wanted),
            (TypeKind.Float, TypeKind.Double) => Widen<float, double>(data, wanted),
            (TypeKind.Date, TypeKind.TimestampNtz) => Scale(
                Widen<int, long>(data, wanted), ByteCast.As<long>, CivilCalendar.MicrosPerDay),
            _ => null,
        };
        if (fitting is not null)
        {
            return new RowColumn(fitting, wanted, site);
        }

        // A wall clock can show an instant, in UTC; an instant cannot be made of a wall clock's reading.
        return wanted.Kind == TypeKind.TimestampNtz && actual.Kind == TypeKind.Timestamp
            ? new RowColumn(data, actual, site)
            : throw Misfit(actual, site);
    }

    private static RowColumn BindDecimal(ArrayData data, DataType actual, DataType wanted, RowSite site)
    {
        if (actual.Kind == TypeKind.Decimal)
        {
            if (actual.Scale == wanted.Scale && actual.Precision <= wanted.Precision || site.Member!.HasAnyScale)
            {
                return new RowColumn(data, actual, site);
            }

            return actual.Scale <= wanted.Scale && Digits(actual) <= Digits(wanted)
                ? new RowColumn(Rescale(data, wanted.Scale - actual.Scale), wanted, site)
                : throw Misfit(actual, site);
        }

        if (!DigitsOf.TryGetValue(actual.Kind, out int digits) || digits > Digits(wanted))
        {
            throw Misfit(actual, site);
        }

        ArrayData wide = actual.Kind switch
        {
            TypeKind.Byte => Widen<sbyte, Int128>(data, wanted),
            TypeKind.Short => Widen<short, Int128>(data, wanted),
            TypeKind.Integer => Widen<int, Int128>(data, wanted),
            _ => Widen<long, Int128>(data, wanted),
        };
        return new RowColumn(Rescale(wide, wanted.Scale), wanted, site);
    }

    private static int Digits(DataType type) => type.Precision - type.Scale;

    private static RowMismatchException Misfit(DataType actual, RowSite site) =>
        site.Misfit(actual.ToString(), "the column's values do not fit the member");

    private static ArrayData Widen<TFrom, TTo>(ArrayData data, DataType wanted)
        where TFrom : unmanaged, System.Numerics.INumberBase<TFrom>
        where TTo : unmanaged, System.Numerics.INumberBase<TTo> =>
        ArrowConvertFixed.Widen<TFrom, TTo>(data, ArrowTypes.ToArrow(wanted));

    private static ArrayData Rescale(ArrayData data, int digits) => digits == 0
        ? data
        : Scale(data, ByteCast.As<Int128>, DecimalMath.Power(digits));

    private delegate Span<T> Cast<T>(Span<byte> bytes);

    private static ArrayData Scale<T>(ArrayData data, Cast<T> cast, T factor)
        where T : unmanaged, System.Numerics.INumberBase<T>
    {
        // Wraps around only under nulls: what is valid fits by its type.
        byte[] bytes = new byte[data.Length * ByteCast.SizeOf<T>()];
        Span<T> values = cast(bytes);
        ReadOnlySpan<T> source = ArrayBuffers.Values<T>(data);
        for (int row = 0; row < values.Length; row++)
        {
            values[row] = unchecked(source[row] * factor);
        }

        ValidityBuffer validity = Columns.Validity.Of(data).ToBuffer();
        return new ArrayData(
            data.DataType, data.Length, validity.NullCount, 0, [validity.Bits, new ArrowBuffer(bytes)], null, null);
    }

    // Arrow allows a null list to cover elements. Those belong to no row and would be checked as if they did.
    private static ArrayData WithoutHidden(ArrayData data)
    {
        Validity validity = Columns.Validity.Of(data);
        if (!validity.HasNulls)
        {
            return data;
        }

        ReadOnlySpan<int> offsets = ArrayBuffers.Offsets(data);
        for (int row = 0; row < data.Length; row++)
        {
            if (offsets[row] != offsets[row + 1] && validity.IsNull(row))
            {
                int[] rows = [.. Enumerable.Range(0, data.Length)];
                Validity of = Columns.Validity.Of(data);
                for (int index = 0; index < rows.Length; index++)
                {
                    rows[index] = of.IsNull(index) ? -1 : index;
                }

                return Take.Rows(data, rows);
            }
        }

        return data;
    }

    private static RowColumn Missing(RowMember member, RowSite site, int length) => member.IsNullable
        ? Null(member.Type, site, length)
        : throw site.Misfit("missing", "there is no such column, and the member may not be null");

    private static RowColumn Null(DataType wanted, RowSite site, int length) =>
        BindNull(Constants.Repeat(null, wanted, length).Data, wanted, site);

    private static RowColumn BindNull(ArrayData data, DataType wanted, RowSite site) => new(
        data,
        wanted,
        site,
        wanted.Kind switch
        {
            TypeKind.Array => [BindNull(data.Children[0], wanted.Element!, site)],
            TypeKind.Map =>
            [
                BindNull(ArrayBuffers.StructField(data.Children[0], 0), wanted.Key!, site),
                BindNull(ArrayBuffers.StructField(data.Children[0], 1), wanted.Element!, site),
            ],
            TypeKind.Struct =>
            [
                .. wanted.Fields.Select((field, index) =>
                    BindNull(ArrayBuffers.StructField(data, index), field.Type, site)),
            ],
            _ => [],
        });
}
