using System;
using System.Collections.Generic;
using Polder.Columns;

namespace Polder.Expressions.Lambdas;

/// <summary>The numbers of C# and the column types that hold them.</summary>
internal static class LambdaTypes
{
    private static readonly Dictionary<Type, (DataType Type, int Rank)> Numbers = new()
    {
        [typeof(sbyte)] = (DataType.Byte, 1),
        [typeof(byte)] = (DataType.Short, 2),
        [typeof(short)] = (DataType.Short, 2),
        [typeof(ushort)] = (DataType.Integer, 3),
        [typeof(int)] = (DataType.Integer, 3),
        [typeof(uint)] = (DataType.Long, 4),
        [typeof(long)] = (DataType.Long, 4),
        [typeof(ulong)] = (DataType.Decimal(20, 0), 5),
        [typeof(decimal)] = (DataType.Decimal(38, 18), 6),
        [typeof(float)] = (DataType.Float, 7),
        [typeof(double)] = (DataType.Double, 8),
    };

    /// <summary>The column type of a number; null for anything else.</summary>
    public static DataType? Find(Type type) =>
        Numbers.TryGetValue(Nullable.GetUnderlyingType(type) ?? type, out (DataType Type, int Rank) number)
            ? number.Type
            : null;

    /// <summary>Whether every value of a number type is one of another, or nearly: floating numbers round.</summary>
    public static bool IsWider(Type source, Type target) =>
        Numbers.TryGetValue(source, out (DataType Type, int Rank) from) &&
        Numbers.TryGetValue(target, out (DataType Type, int Rank) to) && from.Rank <= to.Rank &&
        (from.Rank != 6 || to.Rank == 6);

    /// <summary>Whether arithmetic on the type is that of whole numbers.</summary>
    public static bool IsWhole(Type type) => Find(type) is { IsIntegral: true };
}
