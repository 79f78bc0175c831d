namespace Polder.Columns.Kernels;

/// <summary>One representation per value of floating point: +0.0 for both zeros, one NaN.</summary>
internal static class FloatValue
{
    public static double Normalise(double value) => value == 0 ? 0 : double.IsNaN(value) ? double.NaN : value;

    public static float Normalise(float value) => value == 0 ? 0 : float.IsNaN(value) ? float.NaN : value;
}
